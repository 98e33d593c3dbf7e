package io.flinkcluster.operator.replay;

import io.flinkcluster.operator.model.LoadSample;
import io.flinkcluster.operator.model.LoadSample.Vertex;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * A recording as a table: a line for each vertex at each moment, sources first, under a line with
 * the names of the columns. An empty cell says that it was not told.
 */
public final class CsvRecording {

  private static final Set<String> NEEDED =
      new TreeSet<>(Set.of("time", "vertex", "parallelism", "busy", "backpressured", "records_in"));

  private static final Set<String> KNOWN =
      new TreeSet<>(
          Set.of(
              "inputs",
              "idle",
              "records_out",
              "pending",
              "partitions",
              "max_parallelism",
              "replicas",
              "restarts",
              "running_since",
              "obstacle",
              "seconds"));

  private final List<String> columns;
  private final List<RecordedMoment> moments = new ArrayList<>();
  private final List<Row> open = new ArrayList<>();
  private Optional<Instant> before = Optional.empty();

  private record Row(int line, Instant at, Map<String, String> cells) {

    Optional<String> text(String column) {
      return Optional.ofNullable(cells.get(column)).filter(c -> !c.isEmpty());
    }

    double number(String column) {
      try {
        return text(column).map(Double::parseDouble).orElse(Double.NaN);
      } catch (NumberFormatException e) {
        throw wrong(column, "is no number; write it as 12.5, and leave what is not known empty");
      }
    }

    OptionalInt whole(String column) {
      double number = number(column);
      if (!Double.isNaN(number) && number != Math.rint(number)) {
        throw wrong(column, "is no whole number");
      }
      return Double.isNaN(number) ? OptionalInt.empty() : OptionalInt.of((int) number);
    }

    RecordingException wrong(String column, String why) {
      return new RecordingException(
          "line %d: %s `%s` %s".formatted(line, column, cells.get(column), why));
    }
  }

  private CsvRecording(List<String> columns) {
    this.columns = columns;
  }

  /**
   * Reads it.
   *
   * @throws RecordingException where it cannot be replayed
   */
  public static Recording read(String text) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty()) {
      throw new RecordingException("the recording is empty");
    }
    var reader = new CsvRecording(cells(lines.get(0)).stream().map(String::strip).toList());
    reader.checkColumns();
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank() && !lines.get(i).startsWith("#")) {
        reader.add(reader.row(i + 1, cells(lines.get(i))));
      }
    }
    reader.close();
    return Recording.of(reader.moments, List.of());
  }

  private void checkColumns() {
    var missing = new TreeSet<>(NEEDED);
    columns.forEach(missing::remove);
    if (!missing.isEmpty()) {
      throw new RecordingException(
          "the first line names no column %s; needed are %s, further ones %s"
              .formatted(
                  String.join(", ", missing), String.join(", ", NEEDED), String.join(", ", KNOWN)));
    }
    for (String column : columns) {
      if (!NEEDED.contains(column) && !KNOWN.contains(column)) {
        throw new RecordingException(
            "the column %s is not known; there are %s, %s"
                .formatted(column, String.join(", ", NEEDED), String.join(", ", KNOWN)));
      }
    }
  }

  private Row row(int line, List<String> cells) {
    if (cells.size() != columns.size()) {
      throw new RecordingException(
          "line %d has %d cells, and there are %d columns; put names with a comma between double quotes"
              .formatted(line, cells.size(), columns.size()));
    }
    var named = new HashMap<String, String>();
    for (int i = 0; i < cells.size(); i++) {
      named.put(columns.get(i), cells.get(i).strip());
    }
    return new Row(line, moment(line, named, "time"), named);
  }

  private static Instant moment(int line, Map<String, String> cells, String column) {
    String text = cells.getOrDefault(column, "");
    try {
      return text.matches("[0-9.]+")
          ? Instant.ofEpochMilli(Math.round(1000 * Double.parseDouble(text)))
          : Instant.parse(text);
    } catch (DateTimeException | NumberFormatException e) {
      throw new RecordingException(
          "line %d: %s `%s` is no moment; write 2026-01-05T12:00:00Z, or seconds since 1970"
              .formatted(line, column, text));
    }
  }

  private void add(Row row) {
    if (!open.isEmpty() && !open.get(0).at().equals(row.at())) {
      if (row.at().isBefore(open.get(0).at())) {
        throw new RecordingException(
            "line %d: the clock goes back, from %s to %s; sort the lines by time"
                .formatted(row.line(), open.get(0).at(), row.at()));
      }
      close();
    }
    open.add(row);
  }

  private void close() {
    if (open.isEmpty()) {
      return;
    }
    Row first = open.get(0);
    var vertices = new ArrayList<Vertex>();
    var names = new HashSet<String>();
    for (Row row : open) {
      if (row.text("vertex").isPresent()) {
        vertices.add(vertex(row, names));
      }
    }
    Optional<LoadSample> sample =
        vertices.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new LoadSample(
                    first.at(), over(first), first.whole("restarts").orElse(0), vertices));
    moments.add(
        new RecordedMoment(
            first.at(),
            first.whole("replicas"),
            first.text("obstacle"),
            first
                .text("running_since")
                .map(since -> moment(first.line(), first.cells(), "running_since")),
            sample));
    before = Optional.of(first.at());
    open.clear();
  }

  /** Over which time: where it is not said, since the moment before. */
  private Duration over(Row row) {
    double seconds = row.number("seconds");
    if (seconds <= 0) {
      throw row.wrong("seconds", "is not above 0");
    }
    return Double.isNaN(seconds)
        ? Recording.over(before, row.at())
        : Duration.ofMillis(Math.round(1000 * seconds));
  }

  private static Vertex vertex(Row row, Set<String> before) {
    String name = row.text("vertex").orElseThrow();
    List<String> inputs =
        row.text("inputs").stream()
            .flatMap(i -> Arrays.stream(i.split(";")))
            .map(String::strip)
            .toList();
    inputs.stream()
        .filter(i -> !before.contains(i))
        .findFirst()
        .ifPresent(
            i -> {
              throw row.wrong(
                  "inputs",
                  "names `%s`, which no line of this moment has before; sources come first"
                      .formatted(i));
            });
    if (!before.add(name)) {
      throw row.wrong("vertex", "is there twice at " + row.at() + "; give each its own name");
    }
    double pending = row.number("pending");
    return new Vertex(
        name,
        name,
        inputs,
        row.whole("parallelism").orElse(0),
        row.whole("max_parallelism").orElse(Recording.MOST_TASKS),
        row.number("busy"),
        row.number("idle"),
        row.number("backpressured"),
        row.number("records_in"),
        row.number("records_out"),
        Double.isNaN(pending) ? OptionalLong.empty() : OptionalLong.of(Math.round(pending)),
        row.whole("partitions"));
  }

  /** Separated by commas; what is between double quotes may hold some. */
  private static List<String> cells(String line) {
    var cells = new ArrayList<String>();
    var cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
