package io.flinkcluster.launcher;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The main class of a JobManager that is prepared before its time: it loads the classes that a
 * start of Flink needs, waits for its release, and goes on as Flink in the same JVM. Without a
 * dependency but Flink's, for every Java that an image of Flink may have (8 and later).
 *
 * <p>It decides nothing. Whether Flink may start, and with which arguments, says the script that it
 * runs once the release is there: with any other exit code than 0 the process ends with that code.
 */
public final class Launcher {
  private static final String CLASS = ".class";
  private static final int POLL_MILLIS = 20;

  private Launcher() {}

  /**
   * Prepares, waits and starts.
   *
   * @param args the file with the classes to load, the file that says that they are loaded, the
   *     file of the release, the script, the main class of Flink, its arguments
   * @throws Throwable what Flink's main method throws
   */
  public static void main(String[] args) throws Throwable {
    load(Paths.get(args[0]));
    loadRpc();
    Path prepared = Paths.get(args[1]);
    if (!Files.exists(prepared)) {
      Files.createFile(prepared);
    }
    File release = new File(args[2]);
    while (release.length() == 0) {
      Thread.sleep(POLL_MILLIS);
    }
    List<String> command = new ArrayList<>(Arrays.asList("/bin/bash", args[3]));
    command.addAll(Arrays.asList(args).subList(5, args.length));
    String[] arguments = released(command);
    try {
      Class.forName(args[4]).getMethod("main", String[].class).invoke(null, (Object) arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** The arguments of Flink, as the script prints them: each ends with a NUL. */
  private static String[] released(List<String> command) throws IOException, InterruptedException {
    Process script =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try (InputStream in = script.getInputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
      }
    }
    int code = script.waitFor();
    if (code != 0) {
      System.exit(code);
    }
    // In the encoding in which this process was given its own arguments.
    String encoding = System.getProperty("sun.jnu.encoding");
    Charset charset = encoding == null ? Charset.defaultCharset() : Charset.forName(encoding);
    String text = new String(out.toByteArray(), charset);
    return text.isEmpty() ? new String[0] : text.substring(0, text.length() - 1).split("\0", -1);
  }

  /**
   * Loads and links those classes of the class path whose number is in the file, and initializes
   * none. What is not there, or cannot be loaded, is left to Flink.
   */
  private static void load(Path numbers) throws IOException {
    BitSet wanted = read(Files.readAllBytes(numbers));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.endsWith(".jar") || !new File(entry).isFile()) {
        continue;
      }
      List<String> names = new ArrayList<>();
      try (JarFile jar = new JarFile(entry)) {
        for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
          String name = all.nextElement().getName();
          if (name.endsWith(CLASS) && !name.startsWith("META-INF/")) {
            names.add(name.substring(0, name.length() - CLASS.length()).replace('/', '.'));
          }
        }
      } catch (IOException e) {
        continue;
      }
      for (String name : names) {
        if (wanted.get(number(name))) {
          link(name);
        }
      }
    }
  }

  /** What cannot be loaded before its time is left to Flink. */
  private static void loadRpc() {
    try {
      WarmRpc.prepare();
    } catch (Exception | LinkageError e) {
      System.out.println("flinkcluster: the RPC system was not loaded in advance: " + e);
    }
  }

  private static void link(String name) {
    try {
      // To list the fields of a class links it, which verifies its code (HotSpot 8 to 25).
      Class.forName(name, false, Launcher.class.getClassLoader()).getDeclaredFields();
    } catch (ClassNotFoundException | LinkageError | RuntimeException e) {
      return; // it is optional, as much of Flink's is
    }
  }

  /** 24 bits of a name (FNV-1a): two names that differ hardly ever have the same. */
  public static int number(String name) {
    int hash = 0x811c9dc5;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x01000193;
    }
    return (hash ^ (hash >>> 24)) & 0xffffff;
  }

  /** Numbers of three bytes each. */
  private static BitSet read(byte[] bytes) {
    BitSet numbers = new BitSet(1 << 24);
    for (int i = 0; i + 2 < bytes.length; i += 3) {
      numbers.set((bytes[i] & 0xff) << 16 | (bytes[i + 1] & 0xff) << 8 | (bytes[i + 2] & 0xff));
    }
    return numbers;
  }
}
