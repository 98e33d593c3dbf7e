package io.flinkcluster.operator.bench;

import io.flinkcluster.operator.testcluster.Kubectl;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Questions to the first process of a pod's container.
 *
 * @param kubectl in the pod's namespace
 */
record InPod(Kubectl kubectl, String pod, String container) {
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");

  /** What a shell's commands say. */
  String shell(String commands) {
    return kubectl.ok("exec", pod, "-c", container, "--", "sh", "-c", commands);
  }

  /** When it began, in milliseconds since the epoch. */
  long began() {
    return ProcessStart.read(shell(ProcessStart.COMMAND));
  }

  /**
   * When Flink was let start in the pod of a JobManager, in milliseconds since the epoch: the pod
   * keeps a mark of it.
   */
  long flinkBegan() {
    String seconds = shell("stat -c %.3Y /flinkcluster/start-mark/started").strip();
    return Math.round(Double.parseDouble(seconds) * 1000);
  }

  /** Its resident memory in kB. */
  long residentKilobytes() {
    String status = shell("cat /proc/1/status");
    Matcher resident = RESIDENT.matcher(status);
    if (!resident.find()) {
      throw new IllegalStateException("no resident memory in " + status);
    }
    return Long.parseLong(resident.group(1));
  }
}
