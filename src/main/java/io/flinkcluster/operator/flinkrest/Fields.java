package io.flinkcluster.operator.flinkrest;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkcluster.operator.flinkrest.RemoteFailure.Kind;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads fields of an answer. What must be there and is not makes the answer a broken one. */
final class Fields {

  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern STATE = Pattern.compile("[A-Z_]{1,32}");
  private static final Pattern PATH = Pattern.compile("[^\\p{Cntrl}<>]{1,2000}");

  private Fields() {}

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  static String id(JsonNode node, String field) {
    String text = text(node, field);
    return isId(text) ? text : broken(field);
  }

  static String state(JsonNode node, String field) {
    String text = text(node, field);
    return STATE.matcher(text).matches() ? text : broken(field);
  }

  static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isTextual() ? value.textValue() : broken(field);
  }

  static JsonNode array(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isArray() ? value : broken(field);
  }

  /** The answer itself, which must be an array. */
  static JsonNode list(JsonNode answer) {
    return answer.isArray() ? answer : broken("(the whole)");
  }

  static JsonNode object(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isObject() ? value : broken(field);
  }

  static long number(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      broken(field);
    }
    return value.longValue();
  }

  /** A count from 0 to the largest int; -1, which Flink writes for "not known yet", becomes 0. */
  static int count(JsonNode node, String field) {
    long number = number(node, field);
    return number > Integer.MAX_VALUE ? Fields.<Integer>broken(field) : (int) Math.max(0, number);
  }

  /** NaN where it is missing or not a number. */
  static double decimal(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isNumber() ? value.doubleValue() : Double.NaN;
  }

  /** A time stamp in milliseconds; empty where Flink has none, which it writes as 0 or -1. */
  static Optional<Instant> time(JsonNode node, String field) {
    long millis = number(node, field);
    return millis > 0 ? Optional.of(Instant.ofEpochMilli(millis)) : Optional.empty();
  }

  /**
   * The path of a savepoint or checkpoint; empty where there is none that could be restored. For
   * one in memory Flink writes {@code <checkpoint-not-externally-addressable>}.
   */
  static Optional<String> path(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isTextual() ? path(value.textValue()) : Optional.empty();
  }

  static Optional<String> path(String text) {
    return PATH.matcher(text).matches() ? Optional.of(text) : Optional.empty();
  }

  private static <T> T broken(String field) {
    throw new RemoteFailure(
        Kind.BROKEN_ANSWER, "not an answer of Flink: field " + field + " is missing or wrong");
  }
}
