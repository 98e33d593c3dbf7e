package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.JobSpec;
import java.util.List;
import java.util.regex.Pattern;

/** Rules for the job and its parallelism. */
final class JobRules {

  private static final Pattern CLASS =
      Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]*(\\.[A-Za-z_$][A-Za-z0-9_$]*)*");

  private JobRules() {}

  static void check(FlinkClusterSpec spec, Findings findings) {
    if (spec.job() != null) {
      checkProgram(spec.job(), findings);
      checkParallelism(spec, findings);
    }
  }

  private static void checkProgram(JobSpec job, Findings findings) {
    if (job.jarURI() == null && job.entryClass() == null) {
      findings.refuse(
          "spec.job",
          null,
          "it says neither which jar nor which class to run",
          "set jarURI, or entryClass for a class in the image's usrlib directory");
    }
    if (job.jarURI() != null) {
      JarRules.check(job.jarURI(), findings);
    }
    if (job.entryClass() != null && !CLASS.matcher(job.entryClass()).matches()) {
      findings.refuse(
          "spec.job.entryClass",
          job.entryClass(),
          "is not the name of a Java class",
          "write the full class name, for instance com.example.Job");
    }
    if (job.initialSavepoint() != null && Credentials.in(job.initialSavepoint())) {
      Credentials.refuse("spec.job.initialSavepoint", findings);
    } else if (job.initialSavepoint() != null
        && !job.initialSavepoint().matches("[a-z][a-z0-9+.-]*:/.+")) {
      findings.refuse(
          "spec.job.initialSavepoint",
          job.initialSavepoint(),
          "is not a URI",
          "write for instance s3://bucket/path/savepoint-1a2b");
    }
    checkArguments(job.args(), findings);
  }

  private static void checkArguments(List<String> args, Findings findings) {
    for (int i = 0; i < args.size(); i++) {
      if (args.get(i).indexOf('\0') >= 0) {
        findings.refuse(
            "spec.job.args[" + i + "]",
            null,
            "a process cannot be given the character NUL",
            "remove it");
      }
    }
  }

  private static void checkParallelism(FlinkClusterSpec spec, Findings findings) {
    JobSpec job = spec.job();
    int replicas = spec.taskManager().replicas();
    long slots = (long) replicas * spec.taskManager().taskSlots();
    if (job.maxParallelism() < 1 || job.maxParallelism() > 32768) {
      findings.refuse(
          "spec.job.maxParallelism",
          job.maxParallelism(),
          "is outside 1 to 32768",
          "choose a number in that range");
    }
    if (replicas == 0 && !spec.suspend()) {
      findings.refuse(
          "spec.taskManager.replicas",
          0,
          "a cluster with a job needs at least one TaskManager",
          "set it to 1 or more; to stop the job and keep its state set suspend: true");
      return;
    }
    Integer wanted = job.parallelism();
    if (wanted == null && slots > job.maxParallelism()) {
      findings.refuse(
          "spec.taskManager.replicas",
          replicas,
          "replicas times taskSlots is "
              + slots
              + ", above job.maxParallelism "
              + job.maxParallelism(),
          "lower it, or set job.parallelism");
    }
    if (wanted != null) {
      checkWanted(wanted, slots, job.maxParallelism(), spec.suspend(), findings);
    }
  }

  private static void checkWanted(
      int wanted, long slots, int most, boolean suspended, Findings findings) {
    var field = "spec.job.parallelism";
    if (wanted < 1) {
      findings.refuse(field, wanted, "is below 1", "set it to 1 or more");
    }
    if (wanted > most) {
      findings.refuse(
          field, wanted, "exceeds job.maxParallelism " + most, "lower it to at most " + most);
    }
    if (wanted > slots && !(suspended && slots == 0)) {
      findings.refuse(
          field,
          wanted,
          "needs as many slots, and taskManager.replicas times taskManager.taskSlots is " + slots,
          "add TaskManagers or slots, or lower it");
    }
  }
}
