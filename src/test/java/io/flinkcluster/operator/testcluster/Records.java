package io.flinkcluster.operator.testcluster;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** Copies records with one of their parts changed. */
public final class Records {
  private Records() {}

  /** A copy with another value of this part. */
  @SuppressWarnings("unchecked")
  public static <R extends Record> R with(R record, String part, Object value) {
    try {
      RecordComponent[] parts = record.getClass().getRecordComponents();
      var types = new Class<?>[parts.length];
      var values = new Object[parts.length];
      for (int i = 0; i < parts.length; i++) {
        types[i] = parts[i].getType();
        var accessor = parts[i].getAccessor();
        accessor.setAccessible(true);
        values[i] = parts[i].getName().equals(part) ? value : accessor.invoke(record);
      }
      if (Arrays.stream(parts).noneMatch(p -> p.getName().equals(part))) {
        throw new IllegalArgumentException(record.getClass() + " has no " + part);
      }
      var constructor = record.getClass().getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return (R) constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
