package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.RealApiServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A cluster is deleted and made again from the same manifest. Takes fifteen seconds. */
@RealApiServer
class RecreateIT {
  private final ClusterFixture fixture;
  private final Logger logger = (Logger) LoggerFactory.getLogger(DecisionLog.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  RecreateIT(ApiServer server) {
    log.start();
    logger.addAppender(log);
    fixture = ClusterFixture.in(server, "recreate");
  }

  @AfterEach
  void leave() {
    logger.detachAppender(log);
    fixture.close();
  }

  @Test
  void eachContinuesFromWhatTheOneBeforeItLeftAndNoneFromWhatIsSpent() {
    create();
    fixture.awaitReady();
    String first = deleted();

    create();
    fixture.awaitReady();
    assertThat(fixture.status().launch().restoredFrom()).isEqualTo(first);
    await("it is written down who has continued")
        .atMost(ClusterFixture.LONG)
        .until(() -> fixture.cluster().getMetadata().getUid().equals(memory("continuedBy")));
    fixture.assertStateNeverLost();
    String second = deleted();
    assertThat(second).isNotEqualTo(first);
    assertThat(memory("continuedBy")).isNull();

    create();
    fixture.awaitReady();
    assertThat(fixture.status().launch().restoredFrom()).isEqualTo(second);
    fixture.assertStateNeverLost();

    // Its end is not seen, so that it writes nothing down: its state is newer than what is written.
    fixture.stopOperator();
    fixture.patch("{'metadata':{'finalizers':null}}");
    fixture.delete();
    fixture.awaitGone();
    fixture.replaceOperator();
    create();
    assertThat(ClusterFixture.message(fixture.awaitStalled("NoRestorePoint"), "Stalled"))
        .contains(second, "continued by another one");
    // A decision is logged once its status is written, which the test may see a moment earlier.
    await("the refusal is logged")
        .atMost(ClusterFixture.LONG)
        .until(() -> lines().stream().anyMatch(RecreateIT::warnsOfState));
    theLogTellsTheStory();
  }

  /** That its pods have no role of their own is told as well. */
  private static boolean warnsOfState(ILoggingEvent e) {
    return e.getLevel() == Level.WARN && !"NodeRole".equals(fields(e).get("reason"));
  }

  private List<ILoggingEvent> lines() {
    return List.copyOf(log.list).stream()
        .filter(e -> fields(e).get("namespace").equals(fixture.namespace.name()))
        .toList();
  }

  /** One line for each decision, with its fields; what went wrong is a warning, and no more. */
  private void theLogTellsTheStory() {
    List<ILoggingEvent> lines = lines();
    assertThat(lines)
        .allSatisfy(
            e -> {
              assertThat(fields(e)).containsKeys("namespace", "name", "rule");
              assertThat(e.getFormattedMessage())
                  .startsWith(fixture.namespace.name() + "/a: ")
                  .doesNotContain("Status(", "FlinkClusterStatus[");
            });
    assertThat(lines)
        .anySatisfy(
            e -> {
              assertThat(fields(e)).containsEntry("rule", "FirstStart").containsKey("operation");
              assertThat(e.getFormattedMessage()).contains("Start", "first start");
              assertThat(e.getLevel()).isEqualTo(Level.INFO);
            });
    assertThat(lines.stream().filter(RecreateIT::warnsOfState))
        .isNotEmpty()
        .allSatisfy(
            e -> {
              assertThat(fields(e)).containsEntry("reason", "NoRestorePoint");
              assertThat(e.getFormattedMessage()).contains("continued by another one");
            });
  }

  private static Map<String, String> fields(ILoggingEvent event) {
    var fields = new HashMap<String, String>();
    for (var pair : event.getKeyValuePairs()) {
      fields.put(pair.key, String.valueOf(pair.value));
    }
    return fields;
  }

  private void create() {
    fixture.apply(", onRecreate: Continue", "changeTimeout: 10m");
  }

  private String deleted() {
    fixture.delete();
    fixture.awaitGone();
    return fixture.finalSavepoint().orElseThrow();
  }

  private String memory(String key) {
    ConfigMap memory =
        fixture
            .client()
            .configMaps()
            .inNamespace(fixture.namespace.name())
            .withName("a-final-savepoint")
            .get();
    return memory.getData().get(key);
  }
}
