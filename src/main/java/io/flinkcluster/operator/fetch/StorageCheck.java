package io.flinkcluster.operator.fetch;

import io.flinkcluster.operator.aws.S3Access;
import io.flinkcluster.operator.aws.S3Failure;
import io.flinkcluster.operator.aws.S3Objects;
import io.flinkcluster.operator.aws.S3Timing;
import io.flinkcluster.operator.aws.S3Uri;
import io.flinkcluster.operator.model.StorageFinding;
import io.flinkcluster.operator.model.StorageFinding.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tries, with the job's identity, what Flink will do in its directories on S3: lists each, writes a
 * probe in it, reads it and deletes it; all directories at the same time. Then it looks at rules of
 * the buckets that would take away what Flink writes.
 */
final class StorageCheck {

  private static final byte[] PROBE =
      "written and deleted before a JobManager starts, to see that it can be\n"
          .getBytes(StandardCharsets.UTF_8);

  /** How long a check may take. */
  record Limits(S3Timing timing, Duration directories, Duration buckets) {

    /**
     * With a margin below the 120 s after which the pod of a trial is ended. What is only good to
     * know holds no start back for long.
     */
    static final Limits USUAL =
        new Limits(S3Timing.SHORT, Duration.ofSeconds(60), Duration.ofSeconds(10));
  }

  private final S3Access access;
  private final Attempts attempts;
  private final Limits limits;
  private final String probe;

  /**
   * A check.
   *
   * @param pod whose probe it is: pods that start together do not meet, and one whose probe could
   *     not be deleted overwrites it when its container runs again
   */
  StorageCheck(S3Access access, Attempts attempts, Limits limits, String pod) {
    this.access = access;
    this.attempts = attempts;
    this.limits = limits;
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

  /** A part that runs, and what is said where it is not over in time. */
  private record Running(Future<Part> future, Duration limit, Part late) {}

  /**
   * Checks them.
   *
   * @param directories URIs on S3, at least one
   */
  Result of(List<String> directories) throws Fault {
    List<S3Uri> folders = directories.stream().map(S3Uri::parse).map(S3Uri::asFolder).toList();
    List<String> buckets = folders.stream().map(S3Uri::bucket).distinct().toList();
    ExecutorService threads = Executors.newCachedThreadPool();
    try (var objects = S3Objects.connect(access, limits.timing())) {
      long begun = System.nanoTime();
      var parts = new ArrayList<Running>();
      for (S3Uri folder : folders) {
        Future<Part> future = threads.submit(() -> folder(objects, folder));
        parts.add(new Running(future, limits.directories(), late(folder)));
      }
      for (String name : buckets) {
        var rules = new BucketRules(objects.bucket(name), name, access);
        for (BucketRules.Question question : rules.questions(folders)) {
          Future<Part> future = threads.submit(() -> new Part(question.answer(), true));
          Part late = new Part(List.of(question.unanswered(limits.buckets())), true);
          parts.add(new Running(future, limits.buckets(), late));
        }
      }
      return result(parts, begun, folders);
    } catch (InterruptedException e) {
      throw new Fault("interrupted", false, e);
    } finally {
      threads.shutdownNow();
    }
  }

  private Part late(S3Uri folder) {
    return new Part(
        List.of(
            new StorageFinding(
                Kind.UNREACHABLE,
                "%s: S3 answers too slowly: listing, writing, reading and deleting a small object was not over after %d s; see the way from the pods' subnets to S3, and the store"
                    .formatted(folder, limits.directories().toSeconds()))),
        false);
  }

  private static Result result(List<Running> parts, long begun, List<S3Uri> folders)
      throws Fault, InterruptedException {
    var findings = new ArrayList<StorageFinding>();
    boolean usable = true;
    for (Running running : parts) {
      Part part = part(running, begun);
      findings.addAll(part.findings());
      usable &= part.usable();
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

  /** A thread that reads from S3 ends by itself, sooner or later: it is not waited for. */
  private static Part part(Running running, long begun) throws Fault, InterruptedException {
    long left = running.limit().toNanos() - (System.nanoTime() - begun);
    try {
      return running.future().get(Math.max(0, left), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return running.late();
    } catch (ExecutionException e) {
      throw new Fault("unexpected: " + e.getCause(), false, e.getCause());
    }
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
}
