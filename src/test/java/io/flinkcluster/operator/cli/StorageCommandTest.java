package io.flinkcluster.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.model.StartDirectory;
import java.util.List;
import org.junit.jupiter.api.Test;

class StorageCommandTest {
  private static final String AT = "2026-01-01T00:00:00Z";

  private static StartDirectory directory(long epoch, boolean needed, String why) {
    return new StartDirectory("s3://b/c/" + epoch, epoch, 3, 2048, AT, needed, why, false);
  }

  @Test
  void whatCanGoComesLastWithItsSum() {
    assertThat(
            StorageCommand.text(
                List.of(
                    directory(1, false, "no restore point needs it"),
                    directory(2, true, "s3://b/c/9/chk-4 needs files of it"))))
        .isEqualTo(
            """
            START  SIZE     FILES  WRITTEN               DIRECTORY
            2      2.0 KiB  3      2026-01-01T00:00:00Z  s3://b/c/2
              → stays: s3://b/c/9/chk-4 needs files of it
            1      2.0 KiB  3      2026-01-01T00:00:00Z  s3://b/c/1
              → can go: no restore point needs it
            1 directory with 2.0 KiB can go; add --delete to delete\
            """);
  }

  @Test
  void whatWasDeletedIsTold() {
    StartDirectory gone = directory(1, false, "no restore point needs it").withDeleted();
    assertThat(StorageCommand.text(List.of(gone, gone)))
        .contains("→ deleted: no restore point needs it")
        .endsWith("2 directories with 4.0 KiB deleted");
  }

  @Test
  void whereNothingIsLeftThatIsSaid() {
    assertThat(StorageCommand.text(List.of()))
        .isEqualTo("no start of this cluster has left a directory");
    assertThat(StorageCommand.text(List.of(directory(1, true, "written lately"))))
        .endsWith("nothing can go");
  }

  @Test
  void aLineOfTheLogIsReadBack() {
    StartDirectory one = directory(1, true, "a \"word\"");
    assertThat(StartDirectory.parse("INFO something\n" + one.line() + "\n")).containsExactly(one);
  }
}
