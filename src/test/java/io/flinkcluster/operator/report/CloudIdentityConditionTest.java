package io.flinkcluster.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.flinkcluster.operator.admit.Resource;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.Observation;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.observe.PodReader;
import io.flinkcluster.operator.observe.PodTransform;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From pods as EKS's webhooks leave them, by way of the cache, to the condition. */
class CloudIdentityConditionTest {
  private static final String WEB =
      "AWS_ROLE_ARN=arn:aws:iam::1:role/jobs AWS_WEB_IDENTITY_TOKEN_FILE=/var/run/token";
  private static final String ANOTHER =
      "AWS_ROLE_ARN=arn:aws:iam::1:role/others AWS_WEB_IDENTITY_TOKEN_FILE=/var/run/token";
  private static final String AGENT =
      "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://169.254.170.23/v1/credentials";
  private static final String KEYS = "AWS_ACCESS_KEY_ID=AKIAMARKER AWS_SECRET_ACCESS_KEY=hidden";
  private static final String ON_S3 = "storage: {baseURI: 's3://bucket/flink'}";

  private static CheckedCluster spec(String more) {
    return Resource.checked("storage: null", "{" + more + "}");
  }

  private static Pod pod(Component component, String environment) {
    var container = new ContainerBuilder().withName(Labels.FLINK);
    Arrays.stream(environment.split(" "))
        .filter(one -> one.contains("="))
        .map(one -> one.split("=", 2))
        .forEach(one -> container.addNewEnv().withName(one[0]).withValue(one[1]).endEnv());
    if (environment.contains("envFrom")) {
      container.addNewEnvFrom().withNewSecretRef("s", false).endEnvFrom();
    }
    return new PodBuilder()
        .withNewMetadata()
        .withName("p")
        .withUid("uid")
        .withLabels(new ClusterNames("ns", "a").labels(component, 1))
        .endMetadata()
        .withNewSpec()
        .withContainers(container.build())
        .endSpec()
        .build();
  }

  private static Optional<CloudIdentityCondition> condition(
      CheckedCluster spec, String jobManager, String taskManager) {
    List<ObservedPod> pods =
        List.of(
            PodReader.seen(PodTransform.trim(pod(Component.JOB_MANAGER, jobManager))).orElseThrow(),
            PodReader.seen(PodTransform.trim(pod(Component.TASK_MANAGER, taskManager)))
                .orElseThrow());
    return condition(spec, pods);
  }

  private static Optional<CloudIdentityCondition> condition(
      CheckedCluster spec, List<ObservedPod> pods) {
    var seen =
        new Observation(
            Instant.EPOCH, pods, List.of(), Optional.empty(), false, List.of(), Optional.empty());
    return CloudIdentityCondition.of(Optional.of(spec), 1, seen);
  }

  private static String environment(String name) {
    return switch (name) {
      case "web" -> WEB;
      case "another" -> ANOTHER;
      case "agent" -> AGENT;
      case "keys" -> KEYS;
      default -> name;
    };
  }

  @ParameterizedTest
  @CsvSource({
    "web, web, True, WebIdentity, act as arn:aws:iam::1:role/jobs",
    "web, another, True, WebIdentity, role/jobs and arn:aws:iam::1:role/others",
    "agent, agent, True, PodIdentity, associates with ServiceAccount flink",
    "keys, keys, True, StaticKeys, AWS_ACCESS_KEY_ID",
    "none, none, False, NodeRole, the pods have neither",
    "web, none, False, NodeRole, the pods of taskmanager have neither",
    "envFrom, envFrom, Unknown, UnknownIdentity, the pods take",
    "envFrom none, none, False, NodeRole, the pods of taskmanager",
  })
  void saysAsWhomThePodsSpeak(
      String jobManager, String taskManager, String status, String reason, String words) {
    var told =
        condition(spec(ON_S3), environment(jobManager), environment(taskManager)).orElseThrow();
    assertThat(told.status()).isEqualTo(status);
    assertThat(told.reason().name()).isEqualTo(reason);
    assertThat(told.message()).contains(words);
  }

  /** The order of the default chains: a key wins over a token, and a token over the agent. */
  @Test
  void takesWhatTheSdkTakesWhereThereIsMoreThanOne() {
    assertThat(condition(spec(ON_S3), KEYS + " " + WEB, KEYS).orElseThrow().reason().name())
        .isEqualTo("StaticKeys");
    String both = AGENT + " " + WEB;
    assertThat(condition(spec(ON_S3), both, both).orElseThrow().reason().name())
        .isEqualTo("WebIdentity");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s3.access-key: AKIAMARKER | True | StaticKeys",
        "fs.s3a.access.key: AKIAMARKER | True | StaticKeys",
        "fs.s3a.aws.credentials.provider: x.Y | Unknown | CredentialsProvider",
        "presto.s3.credentials-provider: x.Y | Unknown | CredentialsProvider",
      })
  void whatTheOptionsSayComesFirst(String option, String status, String reason) {
    var told =
        condition(spec(ON_S3 + ", flinkConfiguration: {" + option + "}"), WEB, WEB).orElseThrow();
    assertThat(told.status()).isEqualTo(status);
    assertThat(told.reason().name()).isEqualTo(reason);
  }

  @Test
  void isNotToldWhereItDoesNotMatter() {
    CheckedCluster elsewhere = spec("storage: {baseURI: 'hdfs://n/flink'}");
    assertThat(condition(elsewhere, "none", "none")).isEmpty();
    assertThat(condition(elsewhere, WEB, WEB)).isPresent();
  }

  @Test
  void isUnknownWithoutPods() {
    assertThat(condition(spec(ON_S3), List.of()).orElseThrow().reason().name()).isEqualTo("NoPods");
  }

  /** Caches, statuses and logs hold no key. */
  @Test
  void aKeyIsSeenAndNotKept() {
    Pod trimmed = PodTransform.trim(pod(Component.JOB_MANAGER, KEYS));
    assertThat(trimmed.toString()).contains("AWS_ACCESS_KEY_ID").doesNotContain("AKIAMARKER");
    assertThat(trimmed.toString()).doesNotContain("hidden");
    assertThat(condition(spec(ON_S3), KEYS, KEYS).orElseThrow().message())
        .doesNotContain("AKIAMARKER");
  }
}
