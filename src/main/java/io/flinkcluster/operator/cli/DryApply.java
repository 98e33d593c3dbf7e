package io.flinkcluster.operator.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkcluster.operator.api.FlinkCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * kubectl apply without effect: the API server fills in the defaults, keeps what others own, and
 * refuses what the schema refuses, exactly as it would.
 *
 * @param kubectl the program
 * @param options of the connection
 */
record DryApply(String kubectl, List<String> options) {
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL);

  /**
   * The cluster as it would be.
   *
   * @param live finds what is there by its name
   */
  FlinkCluster applied(JsonNode manifest, Function<String, Optional<FlinkCluster>> live) {
    String name = manifest.path("metadata").path("name").asText();
    boolean clientSide =
        live.apply(name)
            .map(c -> c.getMetadata().getAnnotations())
            .filter(annotations -> annotations.containsKey(LAST_APPLIED))
            .isPresent();
    var command = new ArrayList<>(List.of(kubectl));
    command.addAll(options);
    command.addAll(List.of("apply", "--dry-run=server", "-o", "json", "-f", "-"));
    if (!clientSide) {
      command.addAll(List.of("--server-side", "--force-conflicts"));
    }
    return read(run(command, manifest.toString()));
  }

  private static FlinkCluster read(String json) {
    try {
      return MAPPER.readValue(json, FlinkCluster.class);
    } catch (IOException e) {
      throw new IllegalStateException("kubectl answered what is no FlinkCluster", e);
    }
  }

  private static String run(List<String> command, String input) {
    try {
      Process process = new ProcessBuilder(command).start();
      var errors = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String answer = text(process.getInputStream());
      if (process.waitFor() != 0) {
        throw new Failure(ExitCode.REFUSED, "kubectl apply would fail: " + errors.join().strip());
      }
      return answer;
    } catch (IOException e) {
      throw new Failure(ExitCode.REFUSED, "kubectl cannot be run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.FAILED, "interrupted");
    }
  }

  private static String text(java.io.InputStream in) {
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
