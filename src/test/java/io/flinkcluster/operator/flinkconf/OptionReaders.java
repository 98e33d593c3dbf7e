package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.api.FlinkVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.flink.shaded.asm9.org.objectweb.asm.ClassReader;
import org.apache.flink.shaded.asm9.org.objectweb.asm.ClassVisitor;
import org.apache.flink.shaded.asm9.org.objectweb.asm.MethodVisitor;
import org.apache.flink.shaded.asm9.org.objectweb.asm.Opcodes;

/** Which classes of the released jars of one version use an option's constant. */
final class OptionReaders {
  private static final String DESCRIPTOR = "Lorg/apache/flink/configuration/ConfigOption;";

  private final ReleasedFlink flink;
  private final Map<String, Set<String>> byKey = new TreeMap<>();

  private OptionReaders(FlinkVersion version) {
    this.flink = ReleasedFlink.of(version);
  }

  /** Names of classes, with slashes, by the option's key. */
  static Map<String, Set<String>> of(FlinkVersion version) {
    var readers = new OptionReaders(version);
    try {
      for (Path jar : readers.flink.jars()) {
        readers.scan(jar);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    return readers.byKey;
  }

  private record Constant(String owner, String name) {}

  private void scan(Path jar) throws IOException, ReflectiveOperationException {
    try (var file = new JarFile(jar.toFile())) {
      for (JarEntry entry : Collections.list(file.entries())) {
        String name = entry.getName();
        if (name.endsWith(".class") && name.startsWith("org/apache/flink/")) {
          try (InputStream in = file.getInputStream(entry)) {
            String reader = name.substring(0, name.length() - ".class".length());
            for (Constant constant : used(in)) {
              if (!constant.owner().equals(reader)) { // not where it is declared
                byKey.computeIfAbsent(key(constant), key -> new TreeSet<>()).add(reader);
              }
            }
          }
        }
      }
    }
  }

  private String key(Constant constant) throws ReflectiveOperationException {
    Field field = flink.load(constant.owner().replace('/', '.')).getDeclaredField(constant.name());
    field.setAccessible(true);
    Object option = field.get(null);
    return (String) option.getClass().getMethod("key").invoke(option);
  }

  private static Set<Constant> used(InputStream in) throws IOException {
    var used = new java.util.HashSet<Constant>();
    new ClassReader(in)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String descriptor, String signature, String[] thrown) {
                return new MethodVisitor(Opcodes.ASM9) {
                  @Override
                  public void visitFieldInsn(
                      int code, String owner, String field, String descriptor) {
                    if (code == Opcodes.GETSTATIC
                        && descriptor.equals(DESCRIPTOR)
                        && owner.startsWith("org/apache/flink/")) {
                      used.add(new Constant(owner, field));
                    }
                  }
                };
              }
            },
            ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return used;
  }
}
