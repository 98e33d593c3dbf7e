package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.testcluster.Patience;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * What a spec puts into pods is there, for the processes that need it and for nobody else; in a
 * namespace that enforces the restricted Pod Security Standard.
 */
@EndToEnd
class ConfiguredE2E {
  private static final String NAME = "configured";
  private static final String SECRET = "very-secret-value";
  private static final String ARGUMENT = "$(date) $HOME \"x\" 'y' `z` $$ %s \\ ünï";
  private static final Duration SOON = Patience.LONG;

  private E2eNamespace space;
  private ClusterUnderTest job;

  @BeforeAll
  void begin(E2eCluster cluster) {
    space = cluster.space("configured");
    job = space.subject(NAME);
  }

  @AfterAll
  void leave() {
    space.close();
  }

  @Test
  @Order(1)
  @Undisturbed
  void aMissingHadoopConfigurationIsNamedAndTheJobStartsWhenItArrives() {
    space.apply(Templates.read("configured", NAME, "2.3"));
    job.awaitCondition("Ready", SOON, "ReferenceNotFound", "\"hadoop\" not found");
    assertThat(pods()).isEmpty();
    space
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("hadoop")
                .withNamespace(space.name())
                .endMetadata()
                .addToData("core-site.xml", "<configuration/>")
                .build())
        .create();
    job.awaitReady();
  }

  private List<Pod> pods() {
    return Stream.of("jobmanager", "taskmanager")
        .flatMap(c -> space.pods(NAME, c).stream())
        .toList();
  }

  private String in(Pod pod, String script) {
    String name = pod.getMetadata().getName();
    return space.kubectl().ok("exec", name, "-c", "flink", "--", "bash", "-c", script).strip();
  }

  @Test
  @Order(2)
  void hadoopsDirectoryIsInTheEnvironmentOfBothProcesses() {
    assertThat(pods())
        .hasSize(2)
        .allSatisfy(
            pod -> {
              assertThat(in(pod, "tr '\\0' '\\n' </proc/1/environ"))
                  .contains("HADOOP_CONF_DIR=/etc/hadoop/conf");
              assertThat(in(pod, "cat \"$HADOOP_CONF_DIR/core-site.xml\""))
                  .isEqualTo("<configuration/>");
            });
  }

  @Test
  @Order(3)
  void aKeyFileIsReadableForFlinkAlone() {
    assertThat(pods())
        .allSatisfy(
            pod -> {
              assertThat(in(pod, "cat /etc/keys/client.key")).isEqualTo("key-of-the-client");
              assertThat(in(pod, "stat -L -c %a /etc/keys/client.key")).isEqualTo("400");
              assertThat(in(pod, "stat -c %u /proc/1")).isEqualTo(in(pod, "id -u"));
            });
  }

  @Test
  @Order(4)
  void aSecretValueReachesFlinkAndStandsNowhereElse() {
    assertThat(pods())
        .allSatisfy(
            pod -> {
              String conf =
                  in(pod, "tr '\\0' '\\n' </proc/1/cmdline | grep -A1 configDir | tail -1");
              assertThat(in(pod, "grep secret-key " + conf + "/config.yaml")).contains(SECRET);
              assertThat(in(pod, "tr '\\0' ' ' </proc/1/cmdline")).doesNotContain(SECRET);
              assertThat(in(pod, "tr '\\0' '\\n' </proc/1/environ")).doesNotContain(SECRET);
              assertThat(space.kubectl().ok("logs", pod.getMetadata().getName(), "-c", "flink"))
                  .doesNotContain(SECRET);
            });
    assertThat(space.kubectl().ok("get", "flc,configmap,deploy,pods,events", "-o", "yaml"))
        .doesNotContain(SECRET);
    assertThat(job.flink("/jobmanager/config").orElseThrow().toString()).doesNotContain(SECRET);
  }

  @Test
  @Order(5)
  void podTemplatesAreMergedByName() {
    for (String component : List.of("jobmanager", "taskmanager")) {
      Pod pod = job.pod(component);
      assertThat(in(pod, "echo $SIDE $COMMON")).isEqualTo(component + " both");
      assertThat(in(pod, "cat /shared/file /shared/from-sidecar").lines())
          .containsExactly("prepared", "sidecar");
      assertThat(pod.getSpec().getTerminationGracePeriodSeconds()).isEqualTo(20);
      assertThat(pod.getSpec().getNodeSelector()).containsEntry("kubernetes.io/os", "linux");
    }
  }

  @Test
  @Order(6)
  void anArgumentReachesTheProgramLiterally() {
    String id = job.status().job().id();
    assertThat(
            job.flink("/jobs/" + id + "/config")
                .orElseThrow()
                .path("execution-config")
                .path("user-config")
                .path("label")
                .asText())
        .isEqualTo(ARGUMENT);
  }

  @Test
  @Order(7)
  @Undisturbed
  void aRefusedChangeNamesAllProblemsAndTheJobDoesNotNotice() {
    String id = job.status().job().id();
    List<String> before = pods().stream().map(p -> p.getMetadata().getUid()).toList();
    job.patch(
        "{'spec': {'jobManager': {'resources': {'limits': {'memory': '300Mi'}, 'requests': {'memory': '300Mi'}}}, 'flinkConfiguration':"
            + " {'execution.bufer-timeout.interval': '1', 'taskmanager.memory.process.sice': '1g'}}}");
    Condition refused = job.awaitCondition("ConfigValid", SOON, "InvalidSpec", "jobManager");
    assertThat(refused.message())
        .contains(
            "execution.bufer-timeout.interval",
            "execution.buffer-timeout.interval",
            "taskmanager.memory.process.sice",
            "taskmanager.memory.process.size");
    assertThat(job.status().job().id()).isEqualTo(id);
    assertThat(job.job().path("state").asText()).isEqualTo("RUNNING");
    assertThat(pods().stream().map(p -> p.getMetadata().getUid()))
        .containsExactlyElementsOf(before);
  }

  @Test
  @Order(8)
  void whereEachOptionComesFromIsTold() {
    String fingerprint =
        space.kubectl().ok("get", "flc", NAME, "-o", "jsonpath={.status.launch.fingerprint}");
    assertThat(fingerprint).matches("[0-9a-f]{64}");
    assertThat(
            space
                .kubectl()
                .ok("get", "flc", NAME, "-o", "jsonpath={.status.configuration.fingerprint}"))
        .matches("[0-9a-f]{12,64}");
    String effective =
        space
            .kubectl()
            .ok("get", "configmap", NAME + "-config-1", "-o", "jsonpath={.data.effective\\.yaml}");
    assertThat(effective)
        .containsPattern("s3.secret-key: .*\\$\\{secret:s3/secret\\}.* # spec.flinkConfiguration")
        .contains("rest.port: \"8081\" # spec.ports.rest\n");
  }

  @Test
  @Order(9)
  @Undisturbed
  void aRotatedSecretReachesThePodsWithARestartToken() {
    String good = "{'limits': {'memory': '1Gi'}, 'requests': {'memory': '1Gi'}}";
    job.patch(
        "{'spec': {'jobManager': {'resources': %s}, 'flinkConfiguration':".formatted(good)
            + " {'execution.bufer-timeout.interval': null, 'taskmanager.memory.process.sice':"
            + " null}}}");
    job.awaitReady();
    String conf = "$(tr '\\0' '\\n' </proc/1/cmdline | grep -A1 configDir | tail -1)/config.yaml";
    String values = "echo $KEY; cat /etc/keys/client.key; echo; grep secret-key " + conf;
    space.apply(
        """
        {apiVersion: v1, kind: Secret, metadata: {name: keys}, stringData: {client.key: another-key}}
        ---
        {apiVersion: v1, kind: Secret, metadata: {name: s3}, stringData: {secret: another-value}}
        """);
    assertThat(pods()).allSatisfy(pod -> assertThat(in(pod, values)).doesNotContain("another"));
    space.kubectl().ok("annotate", "flc", NAME, "flinkcluster.io/restart=rotated");
    job.await(
        "restarted",
        ClusterUnderTest.START,
        s ->
            s.operation() == null
                && ClusterUnderTest.isTrue(s, "Ready")
                && "rotated".equals(s.actions().restart()));
    assertThat(pods())
        .hasSize(2)
        .allSatisfy(
            pod ->
                assertThat(in(pod, values).lines())
                    .containsExactly(
                        "another-key", "another-key", "s3.secret-key: \"another-value\""));
  }
}
