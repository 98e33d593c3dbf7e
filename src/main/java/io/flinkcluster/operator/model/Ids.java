package io.flinkcluster.operator.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Ids that are derived, never drawn: the same intent always has the same id, so that an act that is
 * repeated after a crash is recognised by Flink as the same act.
 */
public final class Ids {

  private Ids() {}

  /** Flink's id of the job that this start runs: 32 hex digits. */
  public static String jobId(String uid, long epoch) {
    return hex("job", uid, Long.toString(epoch)).substring(0, 32);
  }

  /** Id of the operation that leads to this epoch: 12 hex digits. */
  public static String operationId(String uid, long epoch) {
    return hex("operation", uid, Long.toString(epoch)).substring(0, 12);
  }

  /** Trigger id of the savepoint of this operation and attempt: 32 hex digits. */
  public static String triggerId(String uid, String operation, int attempt) {
    return hex("trigger", uid, operation, Integer.toString(attempt)).substring(0, 32);
  }

  /** SHA-256 of the parts, in hex. Parts are kept apart: ("ab","c") and ("a","bc") differ. */
  public static String hex(String... parts) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
