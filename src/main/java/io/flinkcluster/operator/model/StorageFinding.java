package io.flinkcluster.operator.model;

import io.flinkcluster.operator.api.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the init container of a JobManager found out about a directory or a bucket on S3. It travels
 * as a line of the container's termination message, {@code <reason>: <text>}, which people read in
 * {@code kubectl describe pod} as well.
 *
 * @param text one line, without secrets
 */
public record StorageFinding(Kind kind, String text) {

  /** Kinds, the worst first. */
  public enum Kind {
    /** A right is missing, or credentials are not accepted. */
    DENIED(Reason.StorageDenied),
    /** There is no such bucket, it is elsewhere, or its key cannot be used. */
    UNUSABLE(Reason.StorageUnusable),
    /** S3 does not answer, or asks to come back later. */
    UNREACHABLE(Reason.StorageUnreachable),
    /** All works, and what is written may be lost or unreadable later. */
    AT_RISK(Reason.StorageAtRisk),
    /** All is well; what a person may want to know. */
    CHECKED(Reason.StorageChecked);

    private final Reason reason;

    Kind(Reason reason) {
      this.reason = reason;
    }

    /** The same as a reason of a condition. */
    public Reason reason() {
      return reason;
    }
  }

  /** Bytes that Kubernetes keeps of a container's termination message (1.34: 4096). */
  private static final int MOST = 4000;

  /** Whether the reason is one of a finding. */
  public static boolean is(Reason reason) {
    return Arrays.stream(Kind.values()).anyMatch(kind -> kind.reason == reason);
  }

  /** The line. */
  public String line() {
    return kind.reason + ": " + text;
  }

  /**
   * The lines of a termination message; those that do not fit are left out, the last first.
   *
   * @param findings the worst first
   */
  public static String message(List<StorageFinding> findings) {
    var message = new StringBuilder();
    for (StorageFinding finding : findings) {
      String line = SafeText.line(finding.line()) + "\n";
      if (message.length() + line.length() <= MOST) {
        message.append(line);
      }
    }
    return message.toString();
  }

  /** What a termination message tells, in its order; lines that are something else are left out. */
  public static List<StorageFinding> parse(String message) {
    return message == null
        ? List.of()
        : message.lines().map(StorageFinding::one).flatMap(Optional::stream).toList();
  }

  private static Optional<StorageFinding> one(String line) {
    return Stream.of(Kind.values())
        .filter(kind -> line.startsWith(kind.reason + ": "))
        .map(
            kind ->
                new StorageFinding(
                    kind, SafeText.line(line.substring(kind.reason.name().length() + 2))))
        .findFirst();
  }
}
