package io.flinkcluster.operator.observe;

import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.flinkrest.JobSummary;
import java.util.List;
import java.util.Optional;

/**
 * Which JobManager is to be asked about what.
 *
 * @param epoch the start it belongs to
 * @param address of its REST API
 * @param jobId the job of this start; empty for a session cluster
 * @param triggerId the savepoint to follow; empty: none. Needs a job id
 * @param pace how often
 * @param adaptive whether the adaptive scheduler runs the job, so that it tells its requirements
 * @param applications whether it tells of its application beside the job
 * @param loads whether what its tasks do is followed
 */
public record Target(
    long epoch,
    Address address,
    Optional<String> jobId,
    Optional<String> triggerId,
    Pace pace,
    boolean adaptive,
    boolean applications,
    boolean loads) {

  /** A job whose load is not followed. */
  public Target(
      long epoch,
      Address address,
      Optional<String> jobId,
      Optional<String> triggerId,
      Pace pace,
      boolean adaptive,
      boolean applications) {
    this(epoch, address, jobId, triggerId, pace, adaptive, applications, false);
  }

  /** A job of Flink's default scheduler. */
  public Target(
      long epoch, Address address, Optional<String> jobId, Optional<String> triggerId, Pace pace) {
    this(epoch, address, jobId, triggerId, pace, false, false);
  }

  /**
   * How often a JobManager is asked. Many clusters in the same trouble must not cost more than the
   * operator has: of all clusters at a pace together there are only so many looks a second.
   */
  public enum Pace {
    /**
     * Every 0.3 to 0.5 s, at most 1 s where it does not answer: a change is under way. With more
     * than 100 such clusters 250 looks a second.
     */
    FAST(400, 800, 4),
    /**
     * Every 0.1 s, at most 0.8 s where it does not answer: the job ends within moments. With more
     * than 25 such clusters 250 looks a second.
     */
    FASTEST(100, 800, 4),
    /**
     * About every 5 s, up to 15 s where it does not answer. With more than 2,500 such clusters 500
     * looks a second.
     */
    SLOW(5_000, 12_000, 2);

    private final long pause;
    private final long longest;
    private final long each;

    Pace(long pause, long longest, long each) {
      this.pause = pause;
      this.longest = longest;
      this.each = each;
    }

    /**
     * Milliseconds from one look to the next.
     *
     * @param failures in a row, up to now
     * @param crowd how many clusters are looked at at this pace
     */
    long pauseMillis(int failures, int crowd) {
      return Math.max(each * crowd, Math.min(longest, pause << Math.min(failures, 8)));
    }
  }

  /** The job of this target in a list of jobs. */
  Optional<JobSummary> own(List<JobSummary> jobs) {
    return jobs.stream().filter(job -> jobId.equals(Optional.of(job.id()))).findFirst();
  }

  /** Whether both ask the same JobManager about the same things, at whatever pace. */
  boolean sameQuestion(Target other) {
    return sameJob(other)
        && triggerId.equals(other.triggerId)
        && adaptive == other.adaptive
        && applications == other.applications;
  }

  /** Whether both are about the same job of the same JobManager. */
  boolean sameJob(Target other) {
    return epoch == other.epoch && address.equals(other.address) && jobId.equals(other.jobId);
  }
}
