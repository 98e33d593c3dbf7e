package io.flinkcluster.operator.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Finds which jobs a file names. The {@code _metadata} of a snapshot has the path of each file that
 * it is made of in plain text (Flink 1.20 to 2.3), and the path of what a job has written has the
 * id of that job in it; what else is in the file does not matter. It is read once and not kept.
 */
final class JobMentions {

  private static final int ID_LENGTH = 32;
  private static final int BUFFER = 64 * 1024;

  private JobMentions() {}

  /**
   * The starts whose job is named.
   *
   * @param starts by the id of their job, 32 hex digits in lower case
   */
  static Set<Long> in(InputStream content, Map<String, Long> starts) throws IOException {
    var found = new HashSet<Long>();
    byte[] window = new byte[ID_LENGTH];
    int run = 0; // hex digits in a row
    byte[] buffer = new byte[BUFFER];
    for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
      for (int i = 0; i < read; i++) {
        if (!hex(buffer[i])) {
          run = 0;
          continue;
        }
        window[run++ % ID_LENGTH] = buffer[i];
        if (run >= ID_LENGTH) {
          Long start = starts.get(text(window, run % ID_LENGTH));
          if (start != null) {
            found.add(start);
          }
        }
      }
    }
    return found;
  }

  private static boolean hex(byte b) {
    return b >= '0' && b <= '9' || b >= 'a' && b <= 'f';
  }

  private static String text(byte[] window, int first) {
    return new String(window, first, ID_LENGTH - first, StandardCharsets.US_ASCII)
        + new String(window, 0, first, StandardCharsets.US_ASCII);
  }
}
