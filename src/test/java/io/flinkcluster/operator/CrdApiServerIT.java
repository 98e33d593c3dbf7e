package io.flinkcluster.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.flinkcluster.operator.testcluster.RealApiServer;
import io.flinkcluster.operator.testcluster.TestNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@RealApiServer
class CrdApiServerIT {
  private static final String APPLICATION = "existing-application";
  private static final String SESSION = "existing-session";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesClient client;
  private final TestNamespace namespace;

  CrdApiServerIT(TestNamespace namespace) {
    this.client = namespace.client();
    this.namespace = namespace;
  }

  @BeforeAll
  static void createClusters(TestNamespace namespace) {
    var it = new CrdApiServerIT(namespace);
    it.create(it.cluster(APPLICATION, "{jarURI: 'local:///opt/job.jar', upgradeMode: Stateless}"));
    it.create(it.cluster(SESSION, null));
  }

  static List<BadInput> bad() {
    return BadInput.refusedByTheServer();
  }

  static List<BadInput> refusedLater() {
    return BadInput.refusedByTheOperator();
  }

  static List<BadInput> badChanges() {
    return bad().stream().filter(BadInput::fitsAnExistingCluster).toList();
  }

  static List<Path> good() {
    return Manifests.in(Path.of("src", "test", "resources", "good"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void isRefused(BadInput input) {
    input.before().forEach(this::create);
    try {
      var refusal = refusal(() -> last(input));
      assertThat(refusal).containsPattern(input.message());
    } finally {
      input.before().forEach(object -> delete(name(object)));
    }
  }

  private void last(BadInput input) {
    if (input.before().isEmpty()) {
      send("POST", "?fieldValidation=Strict&dryRun=All", input.refused());
    } else {
      replace(name(input.refused()), input.refused());
    }
  }

  @ParameterizedTest
  @MethodSource("badChanges")
  void isRefusedAsAChangeToo(BadInput input) {
    String name = input.refused().at("/spec/job").isMissingNode() ? SESSION : APPLICATION;
    if (input.refused().path("spec").isMissingNode()) {
      name = APPLICATION;
    }
    ObjectNode change = input.refused().deepCopy();
    String target = name;
    assertThat(refusal(() -> replace(target, change))).containsPattern(input.message());
  }

  @ParameterizedTest
  @MethodSource("refusedLater")
  void isLeftToTheOperator(BadInput input) {
    send("POST", "?fieldValidation=Strict&dryRun=All", input.refused());
  }

  @ParameterizedTest
  @MethodSource("good")
  void isAccepted(Path file) {
    List<ObjectNode> objects = Manifests.objects(file);
    for (ObjectNode object : objects) {
      JsonNode existing = client(name(object));
      if (existing == null) {
        create(object);
      } else {
        replace(name(object), object);
      }
      JsonNode stored = client(name(object));
      assertKept(object.path("spec"), stored.path("spec"), "spec");
    }
    objects.stream().map(CrdApiServerIT::name).distinct().forEach(this::delete);
  }

  /** Everything that was written is still there as it was written. */
  private static void assertKept(JsonNode written, JsonNode stored, String path) {
    if (written.isObject()) {
      written
          .properties()
          .forEach(f -> assertKept(f.getValue(), stored.path(f.getKey()), path + "." + f.getKey()));
    } else if (written.isArray()) {
      assertThat(stored).as(path).hasSameSizeAs(written);
      for (int i = 0; i < written.size(); i++) {
        assertKept(written.get(i), stored.path(i), path + "[" + i + "]");
      }
    } else {
      assertThat(stored.asText()).as(path).isEqualTo(written.asText());
    }
  }

  @Test
  void fillsInDefaults() {
    JsonNode session = client(SESSION);
    assertThat(session.at("/spec/suspend").isBoolean()).isTrue();
    assertThat(session.at("/spec/serviceAccountName").asText()).isEqualTo("flink");
    assertThat(session.at("/spec/changeTimeout").asText()).isEqualTo("10m");
    assertThat(session.at("/spec/rollback").asBoolean()).isTrue();
    assertThat(session.at("/status/observedGeneration").asInt()).isEqualTo(-1);
    JsonNode job = client(APPLICATION).at("/spec/job");
    assertThat(job.path("maxParallelism").asInt()).isEqualTo(720);
    ObjectNode ports = cluster("ports", null);
    ((ObjectNode) ports.path("spec")).putObject("ports").put("rest", 18081);
    create(ports);
    assertThat(client("ports").at("/spec/ports/jobManagerRpc").asInt()).isEqualTo(6123);
    assertThat(client("ports").at("/spec/ports/metrics").asInt()).isEqualTo(9249);
  }

  @Test
  void showsItsColumns() {
    String narrow = namespace.kubectl().ok("get", "flc", SESSION);
    assertThat(words(narrow, 0))
        .containsExactly("NAME", "READY", "PHASE", "JOB", "PARALLELISM", "TMS", "OPERATION", "AGE");
    String wide = namespace.kubectl().ok("get", "flc", SESSION, "-o", "wide");
    assertThat(wide.lines().findFirst().orElseThrow())
        .containsSubsequence("AGE", "VERSION", "IMAGE", "JOBMANAGER", "LAST CHECKPOINT", "MESSAGE");
    assertThat(wide).contains("2.3", "flink:2.3");
    assertThat(namespace.kubectl().ok("get", "flink")).contains(SESSION);
  }

  private static String[] words(String text, int line) {
    return text.lines().skip(line).findFirst().orElseThrow().strip().split("\\s+");
  }

  @Test
  void scales() {
    create(cluster("scaled", null));
    namespace.kubectl().ok("scale", "flc", "scaled", "--replicas", "3");
    assertThat(client("scaled").at("/spec/taskManager/replicas").asInt()).isEqualTo(3);
    namespace
        .kubectl()
        .ok(
            "patch",
            "flc",
            "scaled",
            "--subresource=status",
            "--type=merge",
            "-p",
            "{\"status\":{\"taskManagers\":{\"replicas\":2,\"selector\":\"a=b\"}}}");
    String scale =
        namespace.kubectl().ok("get", "flc", "scaled", "--subresource=scale", "-o", "json");
    assertThat(tree(scale).at("/status/replicas").asInt()).isEqualTo(2);
    assertThat(tree(scale).at("/status/selector").asText()).isEqualTo("a=b");
    assertThat(client("scaled").at("/metadata/generation").asInt()).isEqualTo(2);
  }

  @Test
  void refusesToScaleAJobToNothing() {
    var result = namespace.kubectl().run("scale", "flc", APPLICATION, "--replicas", "0");
    assertThat(result.code()).isNotZero();
    assertThat(result.output()).contains("set suspend: true");
  }

  @Test
  void dropsATypoSilentlyUnlessTheClientAsksForStrictness() {
    ObjectNode typo = cluster("typo", null);
    ((ObjectNode) typo.path("spec")).put("paralelism", 2);
    send("POST", "", typo);
    assertThat(client("typo").path("spec").has("paralelism")).isFalse();
  }

  @Test
  void keepsAForgedStatusOut() {
    ObjectNode forged = cluster("forged", null);
    forged.putObject("status").putObject("launch").put("restoredFrom", "s3://other/savepoint");
    create(forged);
    assertThat(client("forged").at("/status/launch").isMissingNode()).isTrue();
  }

  @Test
  void mergesListsOfNamedThings() {
    String head =
        """
        apiVersion: flinkcluster.io/v1
        kind: FlinkCluster
        metadata: {name: merged}
        spec: {flinkVersion: "2.3", image: "flink:2.3", imagePullSecrets: [{name: %s}]}
        """;
    namespace.kubectl().apply(head.formatted("one"));
    var other =
        namespace
            .kubectl()
            .runWithInput(
                head.formatted("two"),
                "apply",
                "--server-side",
                "--field-manager=other",
                "-f",
                "-");
    assertThat(other.code()).as(other.output()).isZero();
    assertThat(client("merged").at("/spec/imagePullSecrets").findValuesAsText("name"))
        .containsExactlyInAnyOrder("one", "two");
  }

  private ObjectNode cluster(String name, String job) {
    String text =
        "{apiVersion: flinkcluster.io/v1, kind: FlinkCluster, metadata: {name: "
            + name
            + "}, spec: {flinkVersion: '2.3', image: 'flink:2.3'"
            + (job == null ? "" : ", job: " + job)
            + "}}";
    try {
      return (ObjectNode) new com.fasterxml.jackson.dataformat.yaml.YAMLMapper().readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String refusal(Runnable request) {
    var refused = catchThrowableOfType(KubernetesClientException.class, request::run);
    assertThat(refused).as("the API server has accepted it").isNotNull();
    return refused.getMessage();
  }

  private void create(ObjectNode object) {
    send("POST", "?fieldValidation=Strict", object);
  }

  private void replace(String name, ObjectNode object) {
    ObjectNode update = object.deepCopy();
    ObjectNode metadata = (ObjectNode) update.path("metadata");
    metadata.put("name", name);
    metadata.put("resourceVersion", client(name).at("/metadata/resourceVersion").asText());
    send("PUT", "/" + name + "?fieldValidation=Strict", update);
  }

  private void send(String method, String path, ObjectNode object) {
    client.raw(url() + path, method, object.toString());
  }

  private JsonNode client(String name) {
    String text = client.raw(url() + "/" + name);
    return text == null ? null : tree(text);
  }

  private void delete(String name) {
    client.raw(url() + "/" + name, "DELETE", null);
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(ObjectNode object) {
    return object.at("/metadata/name").asText();
  }

  private String url() {
    return "/apis/flinkcluster.io/v1/namespaces/" + namespace.name() + "/flinkclusters";
  }
}
