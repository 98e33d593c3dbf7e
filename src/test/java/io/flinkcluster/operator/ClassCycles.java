package io.flinkcluster.operator;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Cycles of classes that know one another within one package, by Tarjan's strongly connected
 * components. A nested class counts as its outer one: they are read as one file.
 */
final class ClassCycles {
  private final SortedMap<String, SortedSet<String>> knows = new TreeMap<>();
  private final Map<String, Integer> index = new HashMap<>();
  private final Map<String, Integer> low = new HashMap<>();
  private final Deque<String> stack = new ArrayDeque<>();
  private final List<Set<String>> cycles = new ArrayList<>();

  private ClassCycles(Collection<JavaClass> types) {
    for (JavaClass type : types) {
      var known = knows.computeIfAbsent(outer(type), name -> new TreeSet<>());
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (room(target).equals(room(type))) {
          known.add(outer(target));
        }
      }
    }
  }

  /** The package below the root, with all below it. */
  private static String room(JavaClass type) {
    String[] names = type.getPackageName().split("\\.");
    return String.join(".", java.util.Arrays.copyOf(names, Math.min(names.length, 4)));
  }

  /** All cycles of more than one file, the largest first, each with the simple names in it. */
  static List<Set<String>> in(Collection<JavaClass> types) {
    var search = new ClassCycles(types);
    for (String name : search.knows.keySet()) {
      if (!search.index.containsKey(name)) {
        search.visit(name);
      }
    }
    search.cycles.sort(Comparator.comparing(cycle -> -cycle.size()));
    return search.cycles;
  }

  private void visit(String name) {
    index.put(name, index.size());
    low.put(name, index.get(name));
    stack.push(name);
    for (String next : knows.getOrDefault(name, new TreeSet<>())) {
      if (!index.containsKey(next)) {
        visit(next);
        low.merge(name, low.get(next), Math::min);
      } else if (stack.contains(next)) {
        low.merge(name, index.get(next), Math::min);
      }
    }
    if (low.get(name).equals(index.get(name))) {
      var component = new TreeSet<String>();
      String member;
      do {
        member = stack.pop();
        component.add(member.substring(member.lastIndexOf('.') + 1));
      } while (!member.equals(name));
      if (component.size() > 1) {
        cycles.add(component);
      }
    }
  }

  private static String outer(JavaClass type) {
    int nested = type.getName().indexOf('$');
    return nested < 0 ? type.getName() : type.getName().substring(0, nested);
  }
}
