package io.flinkcluster.operator.flinkrest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkcluster.operator.flinkrest.DisposalProgress.State;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DisposalAnswerTest {
  private static final String ID = "d".repeat(32);

  private StubFlink flink;
  private HttpFlinkRest rest;

  @BeforeEach
  void start() throws IOException {
    flink = new StubFlink();
    rest = new HttpFlinkRest();
  }

  @AfterEach
  void stop() {
    rest.close();
    flink.close();
  }

  private static <T> T get(CompletableFuture<T> call) throws Exception {
    return call.get(30, TimeUnit.SECONDS);
  }

  private DisposalProgress progress(String answer) throws Exception {
    flink.answer("/savepoint-disposal/" + ID, 200, answer);
    return get(rest.disposalProgress(flink.address(), ID));
  }

  private DisposalProgress failed(String trace) throws Exception {
    return progress(
        """
        {"status":{"id":"COMPLETED"},"operation":{"failure-cause":{
         "class":"org.apache.flink.util.FlinkException","stack-trace":"%s"}}}
        """
            .formatted(trace));
  }

  @Test
  void theRequestNamesThePathAndFlinkChoosesItsId() throws Exception {
    flink.answer("/savepoint-disposal", 202, "{\"request-id\":\"" + ID + "\"}");
    assertThat(get(rest.disposeSavepoint(flink.address(), "s3://b/\"x"))).isEqualTo(ID);
    assertThat(flink.requests())
        .containsExactly("POST /savepoint-disposal {\"savepoint-path\":\"s3://b/\\\"x\"}");
  }

  @Test
  void itIsFollowedToItsEnd() throws Exception {
    assertThat(progress("{\"status\":{\"id\":\"IN_PROGRESS\"},\"operation\":null}").state())
        .isEqualTo(State.IN_PROGRESS);
    assertThat(progress("{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{}}").state())
        .isEqualTo(State.GONE);
    assertThat(failed("a.B: no permission\\n\\tat c.D\\n"))
        .isEqualTo(new DisposalProgress(State.FAILED, "a.B: no permission"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cannot find checkpoint or savepoint file/directory 's3://b/x' on file system 's3'.",
        "Cannot find meta data file '_metadata' in directory 's3://b/x'."
      })
  void whatIsNotThereIsGone(String words) throws Exception {
    String trace =
        "org.apache.flink.util.FlinkException: Could not dispose savepoint s3://b/x.\\n\\tat a.B\\n"
            + "Caused by: java.io.FileNotFoundException: ";
    assertThat(failed(trace + words + "\\n").state()).isEqualTo(State.GONE);
    assertThat(failed(trace + "bucket\\n").state()).isEqualTo(State.FAILED);
    assertThat(failed("a.B: java.io.FileNotFoundException: " + words + "\\n").state())
        .isEqualTo(State.FAILED);
  }

  @Test
  void aRequestThatFlinkHasForgottenIsUnknown() throws Exception {
    flink.answer("/savepoint-disposal/" + ID, 404, "{\"errors\":[\"Operation not found\"]}");
    assertThat(get(rest.disposalProgress(flink.address(), ID)).state()).isEqualTo(State.UNKNOWN);
  }

  @Test
  void anAnswerOfAnotherShapeIsBroken() {
    assertThatThrownBy(() -> progress("{\"status\":{\"id\":\"LATER\"}}"))
        .hasRootCauseInstanceOf(RemoteFailure.class);
  }
}
