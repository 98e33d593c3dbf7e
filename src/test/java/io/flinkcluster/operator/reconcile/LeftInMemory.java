package io.flinkcluster.operator.reconcile;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Where the operator's own objects hold a text. It follows the fields of the operator's classes,
 * and collections in them; what the SDK and the client keep is theirs.
 */
final class LeftInMemory {
  private static final String OURS = "io.flinkcluster.operator";

  private final String text;
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<String> found = new ArrayList<>();

  private LeftInMemory(String text) {
    this.text = text;
  }

  /** Paths of fields from the root to each place. */
  static List<String> of(Object root, String text) {
    var walk = new LeftInMemory(text);
    walk.visit(root, root.getClass().getSimpleName());
    return walk.found;
  }

  private void visit(Object value, String path) {
    if (value == null || value instanceof Enum<?> || !seen.add(value)) {
      return;
    }
    if (value instanceof CharSequence chars) {
      if (chars.toString().contains(text)) {
        found.add(path);
      }
    } else if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : new ArrayList<>(map.entrySet())) {
        visit(entry.getKey(), path + ".key");
        visit(entry.getValue(), path + ".value");
      }
    } else if (value instanceof Collection<?> many) {
      new ArrayList<>(many).forEach(one -> visit(one, path + "[]"));
    } else if (value instanceof Optional<?> maybe) {
      maybe.ifPresent(one -> visit(one, path));
    } else if (value instanceof AtomicReference<?> reference) {
      visit(reference.get(), path);
    } else if (value.getClass().isArray() && !value.getClass().getComponentType().isPrimitive()) {
      for (int i = 0; i < Array.getLength(value); i++) {
        visit(Array.get(value, i), path + "[]");
      }
    } else if (value.getClass().getName().startsWith(OURS)) {
      fields(value, path);
    }
  }

  private void fields(Object value, String path) {
    for (Class<?> type = value.getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers()) || field.getType().isPrimitive()) {
          continue;
        }
        if (!type.getName().startsWith(OURS)) {
          continue;
        }
        field.setAccessible(true);
        try {
          visit(field.get(value), path + "." + field.getName());
        } catch (IllegalAccessException e) {
          throw new AssertionError(e);
        }
      }
    }
  }
}
