package io.flinkcluster.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From which snapshot a job begins: the script in a real shell, with snapshots on a mounted volume,
 * and on S3 as the init container lists them.
 */
class NewestSnapshotTest {
  private static final String EARLIER = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  private static final String LATER = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

  @TempDir private Path home;
  private final Map<String, String> environment = new HashMap<>();
  private final StringBuilder listed = new StringBuilder();
  private ImageDirectory image;

  /** Where snapshots lie. */
  enum Storage {
    VOLUME,
    S3
  }

  @BeforeEach
  void layOutAnImage() throws IOException {
    image = ImageDirectory.in(home, environment);
  }

  /** A directory of checkpoints, or of an operation, as the script is told of it. */
  private String directory(Storage storage, String name) {
    return (storage == Storage.S3 ? "s3://b/flink/" : home + "/state/") + name;
  }

  /** The path of a snapshot as the operator knows it. */
  private String known(Storage storage, String name) {
    return (storage == Storage.S3 ? "s3://b/flink/" : "file://" + home + "/state/") + name;
  }

  /** The path of a snapshot as the script says it. */
  private String found(Storage storage, String name) {
    return (storage == Storage.S3 ? "s3://b/flink/" : "file:" + home + "/state/") + name;
  }

  private void snapshot(Storage storage, String name, long number) throws IOException {
    if (storage == Storage.VOLUME) {
      image.write("state/" + name + "/_metadata", metadata(number));
      return;
    }
    String directory = directory(storage, name.substring(0, name.lastIndexOf('/')));
    listed.append(directory + "\t-1\t" + directory + "\n");
    listed.append(directory + "\t" + number + "\t" + found(storage, name) + "\n");
  }

  private void checkpoint(Storage storage, String job, long number) throws IOException {
    snapshot(storage, job + "/chk-" + number, number);
  }

  private String savepoint(Storage storage, String operation, String job, long number)
      throws IOException {
    String name = operation + "/savepoint-" + job.substring(0, 6) + "-0123456789ab";
    snapshot(storage, name, number);
    return name;
  }

  private void searched(String... directories) {
    environment.put("FLINKCLUSTER_SNAPSHOT_DIRECTORIES", String.join("\n", directories));
  }

  private void searched(Storage storage, String... names) {
    searched(Stream.of(names).map(n -> directory(storage, n)).toArray(String[]::new));
  }

  private ImageDirectory.Run start(String... args) throws Exception {
    image.write("fetched/snapshots", listed.toString());
    environment.put("FLINKCLUSTER_SNAPSHOTS_FILE", home + "/fetched/snapshots");
    return image.run(
        Stream.concat(Stream.of("job", "--job-id", "x"), Stream.of(args)).toArray(String[]::new));
  }

  private String startedFrom(String known) throws Exception {
    return start("--fromSavepoint", known).restorePoint();
  }

  /** How Flink begins the file: a magic number, a version, and the number of the snapshot. */
  private static String metadata(long number) {
    return "I`g-\0\0\0\4" + "\0".repeat(6) + (char) (number / 256) + (char) (number % 256);
  }

  @ParameterizedTest
  @EnumSource
  void isACheckpointAfterTheKnownOne(Storage storage) throws Exception {
    checkpoint(storage, EARLIER, 7);
    checkpoint(storage, EARLIER, 10);
    image.write("state/" + EARLIER + "/chk-11/not-complete", "");
    image.write("state/" + EARLIER + "/shared/x", "");
    searched(storage, LATER, EARLIER);

    assertThat(start("--fromSavepoint", known(storage, EARLIER + "/chk-7"), "--", "a b").lines())
        .containsSubsequence("--fromSavepoint", found(storage, EARLIER + "/chk-10"), "--", "a b");
  }

  @ParameterizedTest
  @EnumSource
  void staysTheKnownOneWhereNothingIsNewer(Storage storage) throws Exception {
    checkpoint(storage, EARLIER, 6);
    checkpoint(storage, EARLIER, 7);
    searched(storage, LATER, EARLIER);

    for (String known : List.of("chk-7", "chk-8", "chk-7/")) {
      String path = known(storage, EARLIER + "/" + known);
      assertThat(startedFrom(path)).isEqualTo(path);
    }
  }

  @ParameterizedTest
  @EnumSource
  void isASavepointThatNobodyWasToldOf(Storage storage) throws Exception {
    checkpoint(storage, EARLIER, 7);
    String savepoint = savepoint(storage, "operation", EARLIER, 9);
    searched(storage, "operation", EARLIER);

    assertThat(startedFrom(known(storage, EARLIER + "/chk-7")))
        .isEqualTo(found(storage, savepoint));
    assertThat(startedFrom("file:/elsewhere/savepoint-1")).isEqualTo(found(storage, savepoint));
  }

  @ParameterizedTest
  @EnumSource
  void isNotASavepointAfterWhichItsJobWentOn(Storage storage) throws Exception {
    checkpoint(storage, EARLIER, 301);
    savepoint(storage, "operation", EARLIER, 300);
    searched(storage, "operation", EARLIER);

    assertThat(startedFrom(known(storage, EARLIER + "/chk-7")))
        .isEqualTo(found(storage, EARLIER + "/chk-301"));
    assertThat(startedFrom(known(storage, EARLIER + "/chk-301")))
        .isEqualTo(known(storage, EARLIER + "/chk-301"));
  }

  @ParameterizedTest
  @EnumSource
  void isTheLatestOfTwoSavepointsOfAJob(Storage storage) throws Exception {
    checkpoint(storage, EARLIER, 8);
    savepoint(storage, "first", EARLIER, 7);
    String second = savepoint(storage, "second", EARLIER, 9);
    searched(storage, "none", "second", "first", EARLIER);

    assertThat(startedFrom(known(storage, EARLIER + "/chk-3"))).isEqualTo(found(storage, second));
    checkpoint(storage, EARLIER, 10);
    assertThat(startedFrom(known(storage, EARLIER + "/chk-3")))
        .isEqualTo(found(storage, EARLIER + "/chk-10"));
  }

  @ParameterizedTest
  @EnumSource
  void isNotACheckpointBeforeAKnownSavepoint(Storage storage) throws Exception {
    checkpoint(storage, EARLIER, 8);
    String savepoint = savepoint(storage, "operation", EARLIER, 9);
    searched(storage, "operation", EARLIER);
    assertThat(startedFrom(known(storage, savepoint))).isEqualTo(known(storage, savepoint));

    checkpoint(storage, EARLIER, 10);
    assertThat(startedFrom(known(storage, savepoint)))
        .isEqualTo(found(storage, EARLIER + "/chk-10"));
  }

  @ParameterizedTest
  @EnumSource
  void isNotGuessedWhereTheNumberOfTheKnownSavepointCannotBeRead(Storage storage) throws Exception {
    checkpoint(storage, EARLIER, 8);
    searched(storage, "operation", EARLIER);

    var run = start("--fromSavepoint", known(storage, "operation/savepoint-aaaaaa-0123456789ab"));

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.text()).contains("cannot be told", "Flink is not started");
  }

  @ParameterizedTest
  @EnumSource
  void isThatOfTheLatestJobThatCompletedAny(Storage storage) throws Exception {
    checkpoint(storage, LATER, 1);
    checkpoint(storage, EARLIER, 10);
    savepoint(storage, "operation", EARLIER, 11);
    searched(storage, "none", LATER, "operation", EARLIER);

    for (String known : List.of("file:/x/savepoint-1", known(storage, EARLIER + "/chk-7"))) {
      assertThat(startedFrom(known)).isEqualTo(found(storage, LATER + "/chk-1"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void isTakenWhereNothingElseIsKnown(Storage storage) throws Exception {
    checkpoint(storage, LATER, 1);
    searched(storage, LATER);

    assertThat(start("--jars", "a.jar", "--", "x").lines())
        .containsSubsequence(
            "--fromSavepoint", found(storage, LATER + "/chk-1"), "--jars", "a.jar", "--", "x");
  }

  /** With high availability, whose recovery data were lost. */
  @ParameterizedTest
  @EnumSource
  void isThatOfTheJobItselfBeforeTheKnownOneOfAnEarlierJob(Storage storage) throws Exception {
    checkpoint(storage, LATER, 3);
    checkpoint(storage, EARLIER, 10);
    searched(storage, LATER, EARLIER);

    assertThat(startedFrom(known(storage, EARLIER + "/chk-9")))
        .isEqualTo(found(storage, LATER + "/chk-3"));
  }

  /** The savepoints on S3 and the checkpoints on a volume, or the other way round. */
  @ParameterizedTest
  @EnumSource
  void isComparedAcrossTheTwoKindsOfStorage(Storage storage) throws Exception {
    Storage other = storage == Storage.S3 ? Storage.VOLUME : Storage.S3;
    String savepoint = savepoint(storage, "operation", EARLIER, 9);
    checkpoint(other, EARLIER, 8);
    searched(directory(storage, "operation"), directory(other, EARLIER));
    assertThat(startedFrom(known(other, EARLIER + "/chk-7"))).isEqualTo(found(storage, savepoint));

    checkpoint(other, EARLIER, 10);
    assertThat(startedFrom(known(storage, savepoint))).isEqualTo(found(other, EARLIER + "/chk-10"));
  }

  @Test
  void isNotASavepointThatWasNotCompleted() throws Exception {
    checkpoint(Storage.VOLUME, EARLIER, 8);
    image.write("state/operation/savepoint-aaaaaa-0123456789ab/part", "");
    searched(Storage.VOLUME, "operation", EARLIER);

    assertThat(startedFrom(known(Storage.VOLUME, EARLIER + "/chk-7")))
        .isEqualTo(found(Storage.VOLUME, EARLIER + "/chk-8"));
  }

  @Test
  void isNotToldWhereASavepointIsDamaged() throws Exception {
    image.write("state/operation/savepoint-aaaaaa-0123456789ab/_metadata", "short");
    searched(Storage.VOLUME, "operation", EARLIER);

    var run = start("--fromSavepoint", "file:/x/chk-1");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.text()).contains("tells no number", "Flink is not started");
  }

  @Test
  void isNotToldWhereADirectoryCannotBeRead() throws Exception {
    image.write("state", "a file where a directory should be");
    searched(home + "/state/" + EARLIER);

    var run = start("--fromSavepoint", "file:/x/chk-1");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lines())
        .singleElement()
        .asString()
        .contains("cannot be looked for in " + home + "/state/" + EARLIER)
        .contains("Not a directory", "Flink is not started");
  }

  @Test
  void isNotToldWhereTheUserOfThePodMayNotLook() throws Exception {
    Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    checkpoint(Storage.VOLUME, EARLIER, 8);
    searched(Storage.VOLUME, EARLIER);
    Path directory = home.resolve("state/" + EARLIER);
    Files.setPosixFilePermissions(
        directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
    openTheWayTo(home);

    var run =
        image.run(
            List.of("setpriv", "--reuid=9999", "--clear-groups", "/bin/bash"),
            "job",
            "--fromSavepoint",
            "file:/x/chk-1");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.text()).contains("Permission denied", "user 9999");
  }

  private static void openTheWayTo(Path directory) throws IOException {
    Files.setPosixFilePermissions(
        directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void isNotToldWhereNobodyHasLookedOnS3() throws Exception {
    searched(Storage.S3, EARLIER);
    environment.put("FLINKCLUSTER_SNAPSHOTS_FILE", home + "/none");

    var run = image.run("job", "--fromSavepoint", "s3://b/flink/" + EARLIER + "/chk-7");

    assertThat(run.code()).isEqualTo(75);
    assertThat(run.text()).contains("flinkcluster-fetch has not looked");
  }

  @Test
  void isFoundAmongThousands() throws Exception {
    for (int i = 1; i <= 2000; i++) {
      listed.append("s3://b/flink/%s\t%d\ts3://b/flink/%s/chk-%d\n".formatted(LATER, i, LATER, i));
    }
    searched(Storage.S3, LATER);

    assertThat(startedFrom("file:/x/chk-1")).isEqualTo("s3://b/flink/" + LATER + "/chk-2000");
  }

  @Test
  void isTheOneThatAUserNamedWhereNothingIsSearched() throws Exception {
    checkpoint(Storage.VOLUME, EARLIER, 7);
    checkpoint(Storage.VOLUME, EARLIER, 10);
    String named = known(Storage.VOLUME, EARLIER + "/chk-7");

    assertThat(startedFrom(named)).isEqualTo(named);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"file:///x/savepoints/savepoint-1", "s3://b/job/chk-7", "file:/nowhere/job/chk-7"})
  void staysAsItIsSpeltWhereNothingIsFound(String path) throws Exception {
    searched(home + "/none", "s3://b/none");

    assertThat(startedFrom(path)).isEqualTo(path);
  }

  @Test
  void isNotAnArgumentOfTheJob() throws Exception {
    checkpoint(Storage.VOLUME, EARLIER, 10);
    String text = known(Storage.VOLUME, EARLIER + "/chk-7");
    searched(home + "/none");

    assertThat(start("--", "--fromSavepoint", text).lines())
        .containsSubsequence("--", "--fromSavepoint", text);
  }
}
