package io.flinkcluster.operator.admit;

import java.util.Optional;

/**
 * JVM options are read by a shell, as the words of an array: what it cannot read ends every pod.
 */
final class ShellWords {

  static final String REMEDY = "put it in single quotes, or escape it with \\";

  private final String text;
  private int at;

  private ShellWords(String text) {
    this.text = text;
  }

  /** Why a shell cannot read this as a list of words. */
  static Optional<String> problem(String text) {
    return new ShellWords(text).problem();
  }

  private Optional<String> problem() {
    boolean begins = true;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '\\' && at + 1 == text.length()) {
        return Optional.of("ends in a backslash, which takes the end of the list away");
      } else if (c == '\\') {
        at++;
      } else if (c == '\'' || c == '"' || c == '`') {
        if (!closed(c)) {
          return Optional.of("has a quote that is not closed");
        }
      } else if (c == '$' && at + 1 < text.length() && "({".indexOf(text.charAt(at + 1)) >= 0) {
        if (!substituted(text.charAt(at + 1) == '(' ? ')' : '}')) {
          return Optional.of("has a $" + text.charAt(at + 1) + " that is not closed");
        }
      } else if ("|&;<>()".indexOf(c) >= 0 || c == '#' && begins) {
        return Optional.of("has the character " + c + ", which a shell does not take as text");
      }
      begins = c == ' ';
    }
    return Optional.empty();
  }

  /** Goes to the end of what is quoted. */
  private boolean closed(char quote) {
    for (at++; at < text.length(); at++) {
      if (text.charAt(at) == '\\' && quote != '\'') {
        at++;
      } else if (text.charAt(at) == quote) {
        return true;
      }
    }
    return false;
  }

  /** Goes to the end of what the shell puts in. */
  private boolean substituted(char end) {
    char begin = text.charAt(at + 1);
    int depth = 0;
    for (at++; at < text.length(); at++) {
      if (text.charAt(at) == begin) {
        depth++;
      } else if (text.charAt(at) == end && --depth == 0) {
        return true;
      }
    }
    return false;
  }
}
