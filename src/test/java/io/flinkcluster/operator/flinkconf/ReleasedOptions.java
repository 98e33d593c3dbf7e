package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.api.FlinkVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.flink.shaded.asm9.org.objectweb.asm.ClassReader;
import org.apache.flink.shaded.asm9.org.objectweb.asm.ClassVisitor;
import org.apache.flink.shaded.asm9.org.objectweb.asm.FieldVisitor;
import org.apache.flink.shaded.asm9.org.objectweb.asm.Opcodes;

/** Every option that the released jars of one version declare, read from the classes themselves. */
final class ReleasedOptions {

  private static final String OPTION = "org.apache.flink.configuration.ConfigOption";
  private static final String DESCRIPTOR = "L" + OPTION.replace('.', '/') + ";";

  /** Not read from the configuration file: catalogs, hints of a query, serialized tasks. */
  private static final String NOT_OF_THE_FILE =
      ".*(Internal|HintOptions|RuntimeConfigOptions|\\.StreamConfig"
          + ")|org\\.apache\\.flink\\.table\\.(?!api\\.config\\.).*";

  /** Names below the name of a reporter or provider, which the constant does not know. */
  private static final String RELATIVE = "REPORTER_.*|DELEGATION_TOKEN_PROVIDER_ENABLED";

  private static final Map<String, String> TYPES =
      Map.of(
          "java.lang.String", "string",
          "java.lang.Integer", "int",
          "java.lang.Long", "long",
          "java.lang.Float", "float",
          "java.lang.Double", "double",
          "java.lang.Boolean", "boolean",
          "java.time.Duration", "duration",
          "org.apache.flink.configuration.MemorySize", "memory",
          "java.util.Map", "map");

  private static final Map<FlinkVersion, ReleasedOptions> READ = new EnumMap<>(FlinkVersion.class);

  private final ReleasedFlink flink;
  private final SortedMap<String, FlinkOption> options = new TreeMap<>();
  private final SortedMap<String, Object> constants = new TreeMap<>();

  private ReleasedOptions(FlinkVersion version) {
    this.flink = ReleasedFlink.of(version);
  }

  static SortedMap<String, FlinkOption> of(FlinkVersion version) {
    return read(version).options;
  }

  /** Flink's own constants by name. */
  static SortedMap<String, Object> constants(FlinkVersion version) {
    return read(version).constants;
  }

  private static synchronized ReleasedOptions read(FlinkVersion version) {
    return READ.computeIfAbsent(version, ReleasedOptions::scan);
  }

  private static ReleasedOptions scan(FlinkVersion version) {
    var read = new ReleasedOptions(version);
    try {
      for (Path jar : read.flink.jars()) {
        read.scan(jar);
      }
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private void scan(Path jar) throws IOException, ReflectiveOperationException {
    try (var file = new JarFile(jar.toFile())) {
      for (JarEntry entry : Collections.list(file.entries())) {
        String name = entry.getName();
        if (name.endsWith(".class")
            && name.startsWith("org/apache/flink/")
            && !name.contains("/shaded/")) {
          try (InputStream in = file.getInputStream(entry)) {
            String type = name.substring(0, name.length() - ".class".length()).replace('/', '.');
            collect(type, declared(in));
          }
        }
      }
    }
  }

  /** Names of the public constants that are options. */
  private static List<String> declared(InputStream in) throws IOException {
    var fields = new ArrayList<String>();
    new ClassReader(in)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public FieldVisitor visitField(
                  int access, String name, String descriptor, String signature, Object value) {
                int wanted = Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC;
                if ((access & wanted) == wanted && descriptor.equals(DESCRIPTOR)) {
                  fields.add(name);
                }
                return null;
              }
            },
            ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return fields;
  }

  private void collect(String type, List<String> fields) throws ReflectiveOperationException {
    if (fields.isEmpty() || type.matches(NOT_OF_THE_FILE)) {
      return;
    }
    Class<?> owner = flink.load(type);
    for (String name : fields) {
      if (!name.matches(RELATIVE)) {
        Field field = owner.getDeclaredField(name);
        field.setAccessible(true);
        add(field.get(null));
      }
    }
  }

  private void add(Object constant) throws ReflectiveOperationException {
    var key = (String) call(constant, "key");
    if (key.matches("(\\$internal|internal|hidden)\\..*")) {
      return;
    }
    var option =
        new FlinkOption(
            key, type(constant), defaultOf(constant), List.copyOf(aliases(constant, key)));
    FlinkOption other = options.put(key, option);
    constants.put(key, constant);
    if (other != null && !other.equals(option)) {
      options.put(key, merged(other, option));
    }
  }

  /** Old constants may stand beside new ones of the same name; the stricter type is the new one. */
  private static FlinkOption merged(FlinkOption a, FlinkOption b) {
    var aliases = new TreeSet<>(a.aliases());
    aliases.addAll(b.aliases());
    FlinkOption type = a.type().kind() == OptionType.Kind.STRING ? b : a;
    return new FlinkOption(a.key(), type.type(), type.defaultValue(), List.copyOf(aliases));
  }

  private OptionType type(Object constant) throws ReflectiveOperationException {
    var type = (Class<?>) call(constant, "getClazz");
    String list = (boolean) call(constant, "isList") ? "list " : "";
    if (type.isEnum()) {
      List<String> words =
          Arrays.stream(type.getEnumConstants()).map(Object::toString).sorted().toList();
      return OptionType.parse(list + "enum " + String.join("|", words));
    }
    return OptionType.parse(list + TYPES.get(type.getName()));
  }

  private String defaultOf(Object constant) throws ReflectiveOperationException {
    Object value = call(constant, "defaultValue");
    if (value == null) {
      return "";
    }
    Class<?> type = flink.load("org.apache.flink.configuration.Configuration");
    Object configuration = type.getConstructor().newInstance();
    type.getMethod("set", constant.getClass(), Object.class).invoke(configuration, constant, value);
    var written = (Map<?, ?>) type.getMethod("toMap").invoke(configuration);
    return written
        .values()
        .iterator()
        .next()
        .toString()
        .replace(System.getProperty("java.io.tmpdir"), "/tmp");
  }

  /**
   * A deprecated key is an old name of the option. Another key that Flink falls back to is an
   * option with a meaning of its own, as {@code rest.port} is for {@code rest.bind-port}.
   */
  private static TreeSet<String> aliases(Object constant, String key)
      throws ReflectiveOperationException {
    var aliases = new TreeSet<String>();
    for (Object fallback : (Iterable<?>) call(constant, "fallbackKeys")) {
      if ((boolean) call(fallback, "isDeprecated")) {
        aliases.add((String) call(fallback, "getKey"));
      }
    }
    aliases.remove(key);
    return aliases;
  }

  private static Object call(Object object, String name) throws ReflectiveOperationException {
    Method method = object.getClass().getDeclaredMethod(name);
    method.setAccessible(true);
    return method.invoke(object);
  }
}
