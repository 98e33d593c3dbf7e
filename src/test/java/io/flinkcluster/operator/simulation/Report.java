package io.flinkcluster.operator.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkcluster.operator.judge.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What was tried, with figures: printed, and kept in target/proof/report.md. */
public final class Report {
  private static final Path DIRECTORY = Path.of("target", "proof");
  private static final Map<String, Integer> PREMISES = new TreeMap<>();

  private Report() {}

  /** Counts how often each invariant had something to say. */
  public static synchronized void count(Map<String, Integer> premises) {
    premises.forEach((id, n) -> PREMISES.merge(id, n, Integer::sum));
  }

  /** Tells at once what is wrong: the whole takes long. */
  public static Collection<String> told(Collection<String> wrong) {
    wrong.forEach(w -> System.out.println("WRONG: " + w));
    return wrong;
  }

  /** Writes one section, in the place of the one of the same name from an earlier run. */
  public static synchronized void section(String name, long beganNanos, List<String> lines) {
    long millis = (System.nanoTime() - beganNanos) / 1_000_000;
    String text =
        "## %s%n%n%s%n%nTook %.1f s.%n"
            .formatted(name, String.join(System.lineSeparator(), lines), millis / 1000.0);
    System.out.println(text);
    try {
      Files.createDirectories(DIRECTORY);
      write(name, text);
      if (!PREMISES.isEmpty()) {
        write(
            "Cases of each invariant",
            "## Cases of each invariant, in the last classes that ran together%n%n%s%n"
                .formatted(PREMISES));
      }
      try (Stream<Path> sections = Files.list(DIRECTORY)) {
        var all = new StringBuilder("# Proof\n\n");
        for (Path section :
            sections.filter(p -> p.toString().endsWith(".section")).sorted().toList()) {
          all.append(Files.readString(section)).append('\n');
        }
        Files.writeString(DIRECTORY.resolve("report.md"), all);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes what happened in one history, but what was only read, to target/proof/NAME.txt. */
  static void history(String name, List<Event> events) {
    var lines = new ArrayList<String>();
    for (Event event : events) {
      if (event instanceof Event.Changed changed) {
        if (changed.kind().equals("flinkclusters")) {
          JsonNode status = changed.object().path("status");
          lines.add(
              "%d %s %s, operation %s, restore point %s"
                  .formatted(
                      changed.at(),
                      changed.type(),
                      status.path("phase").asText(),
                      status.path("operation"),
                      status.at("/restorePoint/path").asText()));
        }
      } else if (!(event instanceof Event.Logged)
          && !(event instanceof Event.Request request
              && request.verb().matches("get|list|watch"))) {
        lines.add(event.toString());
      }
    }
    try {
      Files.createDirectories(DIRECTORY);
      Files.write(DIRECTORY.resolve(name + ".txt"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(String name, String text) throws IOException {
    String file = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ".section";
    Files.writeString(DIRECTORY.resolve(file), text);
  }
}
