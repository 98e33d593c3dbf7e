package io.flinkcluster.operator.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkcluster.operator.aws.FakeS3;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemovalTest {
  @TempDir private Path home;
  private final FakeS3 s3 = new FakeS3();

  @AfterEach
  void close() {
    s3.close();
  }

  private void remove(String... prefixes) throws Fault {
    var args = new java.util.ArrayList<String>();
    for (String prefix : prefixes) {
      args.add("--remove");
      args.add(prefix);
    }
    Fetches.of(s3.access(), 3, Fetches.PATIENT).run(FetchTask.parse(args.toArray(String[]::new)));
  }

  @Test
  void whatBeginsSoIsRemovedAndNothingElse() throws Exception {
    for (String file :
        new String[] {"ha/a-ha-12345-1/blob/x", "ha/a-ha-12345-12/y", "ha/a-ha-9-1/z"}) {
      Path path = home.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, "");
    }

    remove("file://" + home + "/ha/a-ha-12345-", "file:" + home + "/none/a-ha-12345-");

    assertThat(home.resolve("ha")).isDirectoryContaining("glob:**/a-ha-9-1");
    assertThat(Files.list(home.resolve("ha"))).hasSize(1);
  }

  @Test
  void aLinkIsRemovedAndNotWhatItPointsTo() throws Exception {
    Files.createDirectories(home.resolve("state"));
    Files.writeString(home.resolve("state/kept"), "");
    Files.createDirectories(home.resolve("ha/a-1"));
    Files.createSymbolicLink(home.resolve("ha/a-1/link"), home.resolve("state"));

    remove("file://" + home + "/ha/a-");

    assertThat(home.resolve("ha")).isEmptyDirectory();
    assertThat(home.resolve("state/kept")).exists();
  }

  @Test
  void onS3WhatBeginsSoIsRemovedAndNothingElse() throws Exception {
    for (int i = 0; i < 1500; i++) {
      s3.put("bucket/ha/a-ha-12345-1/" + i);
    }
    s3.put("bucket/ha/a-ha-9-1/z");
    s3.put("bucket/ha/b");
    s3.refuse(503, "SlowDown");

    remove("s3://bucket/ha/a-ha-12345-");

    assertThat(s3.objects.keySet()).containsExactly("bucket/ha/a-ha-9-1/z", "bucket/ha/b");
  }

  @Test
  void aMissingRightIsNamed() {
    s3.put("bucket/ha/a-1/x");
    s3.refuse(403, "AccessDenied");

    assertThatThrownBy(() -> remove("s3://bucket/ha/a-")).hasMessageContaining("s3:ListBucket");
  }

  @Test
  void aWholeDirectoryIsNoPrefix() {
    assertThatThrownBy(() -> remove("s3://bucket/ha/")).hasMessageContaining("not a prefix");
    assertThatThrownBy(() -> remove("file:///a/../b")).hasMessageContaining("not a prefix");
  }
}
