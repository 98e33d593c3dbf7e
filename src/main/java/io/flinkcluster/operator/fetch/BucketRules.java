package io.flinkcluster.operator.fetch;

import io.flinkcluster.operator.aws.S3Access;
import io.flinkcluster.operator.aws.S3Bucket;
import io.flinkcluster.operator.aws.S3Failure;
import io.flinkcluster.operator.aws.S3Uri;
import io.flinkcluster.operator.model.StorageFinding;
import io.flinkcluster.operator.model.StorageFinding.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What holds of a bucket as a whole and may take away what Flink writes. None of it keeps a job
 * from running: what cannot be read is told, no more.
 */
final class BucketRules {

  private final S3Bucket bucket;
  private final String name;
  private final S3Access access;

  BucketRules(S3Bucket bucket, String name, S3Access access) {
    this.bucket = bucket;
    this.name = name;
    this.access = access;
  }

  private interface Asked {
    List<StorageFinding> of() throws S3Failure;
  }

  /**
   * One thing to be found out, by one call.
   *
   * @param otherwise what is said where there is no answer
   */
  record Question(String otherwise, Asked asked) {

    List<StorageFinding> answer() {
      try {
        return asked.of();
      } catch (S3Failure e) {
        return List.of(unanswered(e.getMessage()));
      }
    }

    StorageFinding unanswered(Duration after) {
      return unanswered("no answer after " + after.toSeconds() + " s");
    }

    private StorageFinding unanswered(String why) {
      return new StorageFinding(Kind.CHECKED, otherwise + ": " + why);
    }
  }

  /**
   * The questions; they can be asked at the same time.
   *
   * @param folders the directories of Flink, in whatever buckets
   */
  List<Question> questions(List<S3Uri> folders) {
    if (S3Bucket.isDirectory(name)) {
      return List.of(new Question("", this::ofOneZone));
    }
    List<S3Uri> inIt = folders.stream().filter(f -> f.bucket().equals(name)).toList();
    var questions = new ArrayList<Question>();
    questions.add(new Question("its lifecycle rules are not known", () -> expiries(inIt)));
    questions.add(new Question("whether it locks objects is not known", this::retention));
    if (access.endpoint().isEmpty() && access.region().isPresent()) {
      questions.add(
          new Question("its region is not known", () -> region(access.region().orElseThrow())));
    }
    return questions;
  }

  private List<StorageFinding> ofOneZone() {
    return List.of(
        new StorageFinding(
            Kind.AT_RISK,
            "bucket "
                + name
                + " is a directory bucket: it lies in one availability zone, and is lost with it;"
                + " only Flink's plugin Native knows such buckets. Keep state in a general"
                + " purpose bucket"));
  }

  private List<StorageFinding> expiries(List<S3Uri> folders) throws S3Failure {
    return bucket.expiries().stream()
        .filter(rule -> folders.stream().anyMatch(rule::concerns))
        .map(
            rule ->
                new StorageFinding(
                    Kind.AT_RISK,
                    "lifecycle rule %s of bucket %s %s below %s: state in use may be that old, and is lost then without a sign. Take this prefix out of the rule"
                        .formatted(
                            rule.rule(),
                            name,
                            rule.effect(),
                            rule.prefix().isEmpty() ? "the whole bucket" : rule.prefix())))
        .toList();
  }

  private List<StorageFinding> retention() throws S3Failure {
    return bucket
        .retention()
        .map(
            length ->
                new StorageFinding(
                    Kind.AT_RISK,
                    "bucket "
                        + name
                        + " locks each object for "
                        + length
                        + ": nothing that Flink deletes goes before, and is paid for until then"))
        .stream()
        .toList();
  }

  private List<StorageFinding> region(String configured) throws S3Failure {
    return bucket
        .region()
        .filter(region -> !region.equals(configured))
        .map(
            region ->
                new StorageFinding(
                    Kind.UNUSABLE,
                    "bucket "
                        + name
                        + " is in region "
                        + region
                        + ", and flinkConfiguration says "
                        + configured))
        .stream()
        .toList();
  }
}
