package io.flinkcluster.operator;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads Kubernetes objects written for a newer operator or an older schema. One field of a wrong
 * type would otherwise end the informer and with it the operator, for every cluster (JOSDK 5.3.2).
 * Such a field becomes null, which admission refuses; its value is never logged, since it may be a
 * secret.
 */
final class TolerantMapper {

  private static final Logger log = LoggerFactory.getLogger(TolerantMapper.class);

  private TolerantMapper() {}

  /**
   * A new mapper that passes over unknown fields, reads unknown enum constants as null and drops
   * {@code managedFields}, half of the size of an object, which nobody here reads.
   *
   * @param onUnreadable called once for every field that was read as null
   */
  static ObjectMapper create(Runnable onUnreadable) {
    var mapper = new ObjectMapper();
    mapper
        .coercionConfigFor(LogicalType.POJO)
        .setCoercion(CoercionInputShape.EmptyString, CoercionAction.AsNull);
    return mapper
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        .addMixIn(ObjectMeta.class, WithoutManagedFields.class)
        .addHandler(new ReadAsNull(onUnreadable));
  }

  @JsonIgnoreProperties("managedFields")
  private interface WithoutManagedFields {}

  private static final class ReadAsNull extends DeserializationProblemHandler {
    private final Runnable onUnreadable;

    ReadAsNull(Runnable onUnreadable) {
      this.onUnreadable = onUnreadable;
    }

    @Override
    public Object handleWeirdStringValue(
        DeserializationContext context, Class<?> type, String value, String failure) {
      return report(context.getParser(), type);
    }

    @Override
    public Object handleWeirdNumberValue(
        DeserializationContext context, Class<?> type, Number value, String failure) {
      return report(context.getParser(), type);
    }

    @Override
    public Object handleUnexpectedToken(
        DeserializationContext context,
        JavaType type,
        JsonToken token,
        JsonParser parser,
        String failure)
        throws IOException {
      Object nothing = report(parser, type.getRawClass());
      parser.skipChildren();
      return nothing;
    }

    @Override
    public Object handleMissingInstantiator(
        DeserializationContext context,
        Class<?> type,
        ValueInstantiator instantiator,
        JsonParser parser,
        String failure)
        throws IOException {
      Object nothing = report(context.getParser(), type);
      context.getParser().skipChildren();
      return nothing;
    }

    private Object report(JsonParser parser, Class<?> type) {
      onUnreadable.run();
      log.warn(
          "A field is not what this version of the operator expects and counts as not given:"
              + " {} should be {}",
          parser.getParsingContext().pathAsPointer(),
          type.getSimpleName());
      return null;
    }
  }
}
