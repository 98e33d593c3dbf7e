package io.flinkcluster.operator.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkcluster.operator.aws.FakeS3;
import io.flinkcluster.operator.aws.S3Call;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The policy in the guide allows the calls that are made, and what Flink's plugins need besides.
 */
class IamPolicyTest {
  private static final Path GUIDE = Path.of("docs", "eks.md");

  /** What Flink's plugins do with large objects (1.20 to 2.3), and this code does not. */
  private static final Set<String> OF_FLINK =
      Set.of("s3:AbortMultipartUpload", "s3:ListMultipartUploadParts");

  @TempDir private Path into;

  private static JsonNode policy() throws Exception {
    String guide = Files.readString(GUIDE);
    String after = guide.substring(guide.indexOf("### What the role may do"));
    String json = after.substring(after.indexOf("```json") + 7);
    return new ObjectMapper().readTree(json.substring(0, json.indexOf("```")));
  }

  @Test
  void thePolicyInTheGuideAllowsWhatIsNeededAndNoMore() throws Exception {
    var allowed = new TreeSet<String>();
    policy().get("Statement").forEach(s -> s.get("Action").forEach(a -> allowed.add(a.asText())));
    var needed = new TreeSet<>(OF_FLINK);
    S3Call.actions().forEach(needed::add);
    assertThat(allowed).isEqualTo(needed);
  }

  @Test
  void anActionIsAllowedOnTheResourceThatItIsAbout() throws Exception {
    for (JsonNode statement : policy().get("Statement")) {
      for (JsonNode action : statement.get("Action")) {
        boolean ofBucket =
            Stream.of(S3Call.values())
                .anyMatch(call -> call.ofBucket() && call.action().equals(action.asText()));
        if (action.asText().startsWith("s3:")) {
          assertThat(statement.get("Resource").asText().endsWith(":::BUCKET"))
              .as(action.asText())
              .isEqualTo(ofBucket);
        }
      }
    }
  }

  /** What goes over the wire is what the list of calls says, so that none is forgotten in it. */
  @Test
  void theCallsThatAreMadeAreThoseOfTheList() throws Exception {
    try (var s3 = new FakeS3()) {
      s3.put("bucket/job.jar", Jars.jar("a/B.class", 10));
      s3.put("bucket/checkpoints/0123/chk-1/_metadata");
      s3.put("bucket/ha/a-1/x");
      String directory = "s3://bucket/checkpoints";
      Fetches.once(s3.access())
          .run(
              FetchTask.parse(
                  "--into",
                  into.toString(),
                  "--check",
                  directory,
                  "--jar",
                  "s3://bucket/job.jar",
                  "--snapshots",
                  into + "/s",
                  "--search",
                  directory + "/0123",
                  "--remove",
                  "s3://bucket/ha/a-"));

      assertThat(s3.requests.stream().map(IamPolicyTest::action).collect(Collectors.toSet()))
          .isEqualTo(Stream.of(S3Call.values()).map(S3Call::action).collect(Collectors.toSet()));
    }
  }

  /** As AWS's Service Authorization Reference says of each call. */
  private static String action(String request) {
    if (request.startsWith("GET /bucket?lifecycle")) {
      return "s3:GetLifecycleConfiguration";
    }
    if (request.startsWith("GET /bucket?object-lock")) {
      return "s3:GetBucketObjectLockConfiguration";
    }
    if (request.startsWith("GET /bucket?list-type=2")) {
      return "s3:ListBucket";
    }
    return switch (request.replaceFirst(" /bucket/.*", "")) {
      case "GET" -> "s3:GetObject";
      case "PUT" -> "s3:PutObject";
      case "DELETE" -> "s3:DeleteObject";
      default ->
          throw new IllegalArgumentException("a call that no action is known of: " + request);
    };
  }
}
