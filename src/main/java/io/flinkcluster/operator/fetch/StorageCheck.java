package io.flinkcluster.operator.fetch;

import io.flinkcluster.operator.aws.S3Access;
import io.flinkcluster.operator.aws.S3Bucket;
import io.flinkcluster.operator.aws.S3Failure;
import io.flinkcluster.operator.aws.S3Objects;
import io.flinkcluster.operator.aws.S3Uri;
import io.flinkcluster.operator.model.StorageFinding;
import io.flinkcluster.operator.model.StorageFinding.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Tries, with the job's identity, what Flink will do in its directories on S3: lists each, writes a
 * probe in it, reads it and deletes it; all directories at the same time. Then it looks at rules of
 * the buckets that would take away what Flink writes.
 */
final class StorageCheck {

  private static final byte[] PROBE =
      "written and deleted before a JobManager starts, to see that it can be\n"
          .getBytes(StandardCharsets.UTF_8);

  private final S3Access access;
  private final Attempts attempts;
  private final String probe;

  /**
   * A check.
   *
   * @param pod whose probe it is: pods that start together do not meet, and one whose probe could
   *     not be deleted overwrites it when its container runs again
   */
  StorageCheck(S3Access access, Attempts attempts, String pod) {
    this.access = access;
    this.attempts = attempts;
    this.probe = ".flinkcluster-check-" + pod;
  }

  /**
   * What was found out.
   *
   * @param findings the worst first; never empty
   * @param usable whether Flink can list, write and read in all directories
   */
  record Result(List<StorageFinding> findings, boolean usable) {}

  private record Part(List<StorageFinding> findings, boolean usable) {}

  /**
   * Checks them.
   *
   * @param directories URIs on S3, at least one
   */
  Result of(List<String> directories) throws Fault {
    List<S3Uri> folders = directories.stream().map(S3Uri::parse).map(S3Uri::asFolder).toList();
    List<String> buckets = folders.stream().map(S3Uri::bucket).distinct().toList();
    ExecutorService threads = Executors.newFixedThreadPool(folders.size() + buckets.size());
    try (var objects = S3Objects.connect(access)) {
      var parts = new ArrayList<Callable<Part>>();
      folders.forEach(folder -> parts.add(() -> folder(objects, folder)));
      buckets.forEach(bucket -> parts.add(() -> bucket(objects.bucket(bucket), bucket, folders)));
      return result(threads.invokeAll(parts), folders);
    } catch (InterruptedException e) {
      throw new Fault("interrupted", false, e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Result result(List<Future<Part>> parts, List<S3Uri> folders)
      throws Fault, InterruptedException {
    var findings = new ArrayList<StorageFinding>();
    boolean usable = true;
    for (Future<Part> part : parts) {
      try {
        findings.addAll(part.get().findings());
        usable &= part.get().usable();
      } catch (ExecutionException e) {
        throw new Fault("unexpected: " + e.getCause(), false, e.getCause());
      }
    }
    if (findings.stream().allMatch(f -> f.kind() == Kind.CHECKED)) {
      String places = String.join(", ", folders.stream().map(S3Uri::toString).toList());
      findings.add(
          0,
          new StorageFinding(
              Kind.CHECKED, "the job's pods can list, write, read and delete in " + places));
    }
    findings.sort(Comparator.comparing(StorageFinding::kind));
    return new Result(findings.stream().distinct().toList(), usable);
  }

  private Part folder(S3Objects objects, S3Uri folder) {
    var findings = new ArrayList<StorageFinding>();
    S3Uri object = folder.child(probe);
    boolean listed = tried(findings, () -> list(objects, folder));
    if (findings.stream().anyMatch(f -> f.kind() != Kind.DENIED)) {
      return new Part(findings, false); // the same would be said of each call, each after a while
    }
    boolean written = tried(findings, () -> write(objects, object, folder, findings));
    boolean read = written && tried(findings, () -> read(objects, object, folder));
    if (written) {
      // Without it the job runs, and what it no longer needs stays.
      tried(findings, () -> delete(objects, object, folder));
    }
    return new Part(findings, listed && written && read);
  }

  private interface Trial {
    void run() throws Fault;
  }

  private boolean tried(List<StorageFinding> findings, Trial trial) {
    try {
      attempts.of(
          () -> {
            trial.run();
            return true;
          });
      return true;
    } catch (Fault fault) {
      findings.add(new StorageFinding(kind(fault), fault.getMessage()));
      return false;
    }
  }

  private static Kind kind(Fault fault) {
    return fault.getCause() instanceof S3Failure failure
        ? switch (failure.kind()) {
          case DENIED -> Kind.DENIED;
          case UNUSABLE -> Kind.UNUSABLE;
          case UNREACHABLE -> Kind.UNREACHABLE;
        }
        : Kind.UNUSABLE;
  }

  private static void list(S3Objects objects, S3Uri folder) throws Fault {
    try {
      objects.list(folder);
    } catch (S3Failure e) {
      throw Fault.of(e);
    }
  }

  private static void write(
      S3Objects objects, S3Uri object, S3Uri folder, List<StorageFinding> findings) throws Fault {
    try {
      if (objects.write(object, PROBE, folder)) {
        findings.add(
            new StorageFinding(
                Kind.CHECKED,
                "bucket "
                    + folder.bucket()
                    + " keeps versions: what Flink deletes is paid for until a lifecycle rule"
                    + " removes noncurrent versions"));
      }
    } catch (S3Failure e) {
      throw Fault.of(e);
    }
  }

  private static void read(S3Objects objects, S3Uri object, S3Uri folder) throws Fault {
    try {
      if (!Arrays.equals(objects.read(object, folder), PROBE)) {
        throw Fault.lasting(object + ": what is read is not what was written");
      }
    } catch (S3Failure e) {
      throw Fault.of(e);
    }
  }

  private static void delete(S3Objects objects, S3Uri object, S3Uri folder) throws Fault {
    try {
      objects.delete(object, folder);
    } catch (S3Failure e) {
      throw Fault.of(e);
    }
  }

  /** None of it keeps a job from running: what cannot be read about a bucket is told, no more. */
  private Part bucket(S3Bucket bucket, String name, List<S3Uri> folders) {
    var findings = new ArrayList<StorageFinding>();
    List<S3Uri> inIt = folders.stream().filter(f -> f.bucket().equals(name)).toList();
    if (S3Bucket.isDirectory(name)) {
      findings.add(
          new StorageFinding(
              Kind.AT_RISK,
              "bucket "
                  + name
                  + " is a directory bucket: it lies in one availability zone, and is lost with it;"
                  + " only Flink's plugin Native knows such buckets. Keep state in a general"
                  + " purpose bucket"));
      return new Part(findings, true);
    }
    told(findings, "its lifecycle rules are not known", () -> expiries(bucket, name, inIt));
    told(findings, "whether it locks objects is not known", () -> retention(bucket, name));
    if (access.endpoint().isEmpty() && access.region().isPresent()) {
      told(findings, "its region is not known", () -> region(bucket, name, access.region().get()));
    }
    return new Part(findings, true);
  }

  private interface Question {
    List<StorageFinding> ask() throws S3Failure;
  }

  private static void told(List<StorageFinding> findings, String otherwise, Question question) {
    try {
      findings.addAll(question.ask());
    } catch (S3Failure e) {
      findings.add(new StorageFinding(Kind.CHECKED, otherwise + ": " + e.getMessage()));
    }
  }

  private static List<StorageFinding> expiries(S3Bucket bucket, String name, List<S3Uri> folders)
      throws S3Failure {
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

  private static List<StorageFinding> retention(S3Bucket bucket, String name) throws S3Failure {
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

  private static List<StorageFinding> region(S3Bucket bucket, String name, String configured)
      throws S3Failure {
    Optional<String> real = bucket.region().filter(region -> !region.equals(configured));
    return real
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
