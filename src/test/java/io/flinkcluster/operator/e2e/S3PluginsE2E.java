package io.flinkcluster.operator.e2e;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Each plugin by which Flink speaks to S3 beside the one that is taken when none is named. */
@EndToEnd
@FullRunOnly
@ParameterizedClass
@ValueSource(strings = {"2.3 Hadoop", "2.3 Native", "1.20 Hadoop"})
class S3PluginsE2E implements FullRunOnly.Versioned {
  @Parameter private String tried;
  private E2eCluster cluster;
  private E2eNamespace space;
  private JobOnS3 onS3;

  /** Each of them is told of in a full run only. */
  @Override
  public String version() {
    return tried;
  }

  @BeforeAll
  void find(E2eCluster found) {
    cluster = found;
  }

  @BeforeParameterizedClassInvocation
  void begin() {
    space = cluster.space("s3-plugin");
  }

  @AfterParameterizedClassInvocation
  void leave() {
    space.close();
  }

  @Test
  @Order(1)
  void itStarts() throws Exception {
    String[] words = tried.split(" ");
    onS3 = JobOnS3.start(space, words[0], "s3Plugin: " + words[1]);
  }

  @Test
  @Order(2)
  void itIsRescaledByASavepoint() {
    onS3.isRescaledTo(2);
  }

  @Test
  @Order(3)
  void itsJobManagerIsLost() {
    onS3.losesItsJobManager();
  }

  @Test
  @Order(4)
  void itIsDeletedAndMadeAgainFromTheSameManifest() {
    onS3.isDeletedAndMadeAgain();
  }
}
