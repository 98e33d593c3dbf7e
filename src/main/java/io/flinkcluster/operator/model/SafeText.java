package io.flinkcluster.operator.model;

import java.util.regex.Pattern;

/**
 * Makes foreign text fit to be shown in a status, event or log: one line, at most 500 characters,
 * without control characters and without what looks like a secret.
 */
public final class SafeText {

  private static final int MAX = 500;
  private static final String CAUSED_BY = "Caused by: ";

  /** More than is shown, but bounded, so that the patterns below never see a megabyte. */
  private static final int MAX_READ = 4 * MAX;

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]+");
  private static final Pattern USER_INFO = Pattern.compile("://[^/\\s@]{1,300}@");
  private static final Pattern ACCESS_KEY = Pattern.compile("\\bA[KS]IA[A-Z0-9]{12,20}\\b");

  /** A name that speaks of a secret, then {@code =} or {@code :}, then what must not be shown. */
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)([\\w.-]{0,60}(?:password|passwd|secret|token|api-?key|access-?key|credential)"
              + "[\\w.-]{0,60}[\"']?(?:\\s?=|:)\\s?)(?:\"[^\"]*\"?|'[^']*'?|[^\\s,;&]+)");

  private SafeText() {}

  /** The first line of a stack trace and, where it differs, its innermost cause. */
  public static String ofTrace(String trace) {
    String first = trace.lines().filter(l -> !l.isBlank()).findFirst().orElse("").strip();
    String root = "";
    for (String line : trace.lines().toList()) {
      // Without leading blanks: an indented one is the cause of a suppressed exception.
      if (line.startsWith(CAUSED_BY)) {
        root = line.substring(CAUSED_BY.length());
      }
    }
    String head = first.length() > MAX / 2 ? first.substring(0, MAX / 2) + "…" : first;
    return root.isEmpty() ? line(first) : line(head + "; caused by " + root);
  }

  /** At most 500 characters of one line; what looks like a secret is replaced. */
  public static String line(String text) {
    String head = text.length() > MAX_READ ? text.substring(0, MAX_READ) : text;
    String clean = CONTROL.matcher(head).replaceAll(" ").strip();
    clean = USER_INFO.matcher(clean).replaceAll("://***@");
    clean = ACCESS_KEY.matcher(clean).replaceAll("***");
    clean = NAMED.matcher(clean).replaceAll("$1***");
    return shortened(clean, MAX);
  }

  /** At most so many characters; what is cut ends with an ellipsis. */
  public static String shortened(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }
}
