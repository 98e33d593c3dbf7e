import io.flinkcluster.launcher.Launcher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Turns what a JVM logs of the classes that it loads (-Xlog:class+load) into the file that the
 * launcher reads: those from jars below a directory lib, as sorted numbers of three bytes each.
 *
 * <p>usage: java -cp target/classes RecordedClasses.java LOG FILE
 */
final class RecordedClasses {
  private static final Pattern LOADED = Pattern.compile(".*\\] ([^ /]+) source: file:.*/lib/[^/]*\\.jar");

  private RecordedClasses() {}

  public static void main(String[] args) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (Stream<String> lines = Files.lines(Path.of(args[0]))) {
      lines
          .map(LOADED::matcher)
          .filter(Matcher::matches)
          .map(line -> line.group(1))
          .filter(name -> !name.contains("$$Lambda"))
          .mapToInt(Launcher::number)
          .distinct()
          .sorted()
          .forEach(
              number -> {
                bytes.write(number >> 16);
                bytes.write(number >> 8);
                bytes.write(number);
              });
    }
    Files.write(Path.of(args[1]), bytes.toByteArray());
    System.out.println(bytes.size() / 3 + " classes");
  }
}
