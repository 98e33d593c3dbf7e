package io.flinkcluster.operator;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps the graph of packages acyclic, the pure ones pure, and files short. */
class ArchitectureTest {
  private static final String ROOT = "io.flinkcluster.operator";
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final int MAX_LINES = 300;

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  /** Who may import whom; the root, written "", may import everything. */
  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          entry("api", Set.of()),
          entry("model", Set.of("api")),
          entry("flinkconf", Set.of("model", "api")),
          entry("admit", Set.of("flinkconf", "model", "api")),
          entry("flinkrest", Set.of("model")),
          entry("aws", Set.of("model")),
          entry("fetch", Set.of("aws", "model")),
          entry("observe", Set.of("flinkrest", "model", "api")),
          entry("autoscale", Set.of("model", "api")),
          entry("replay", Set.of("autoscale", "model", "api")),
          entry("decide", Set.of("autoscale", "model", "api")),
          entry("metrics", Set.of("model", "api")),
          entry("http", Set.of()),
          entry("render", Set.of("flinkconf", "model", "api")),
          entry("apply", Set.of("decide", "flinkrest", "model", "api")),
          entry("report", Set.of("decide", "model", "api")),
          entry("launched", Set.of("admit", "flinkconf", "decide", "model", "api")),
          entry(
              "cli",
              Set.of(
                  "admit",
                  "decide",
                  "autoscale",
                  "replay",
                  "launched",
                  "render",
                  "report",
                  "model",
                  "api")),
          entry(
              "reconcile",
              Set.of(
                  "admit",
                  "flinkconf",
                  "flinkrest",
                  "observe",
                  "decide",
                  "launched",
                  "render",
                  "apply",
                  "report",
                  "model",
                  "api")));

  private static final Set<String> PURE =
      Set.of(
          "api",
          "model",
          "admit",
          "autoscale",
          "decide",
          "flinkconf",
          "render",
          "replay",
          "report");

  /** What a pure package must not know, by the start of the qualified name. */
  private static final List<String> WORLD =
      List.of(
          "io.fabric8.kubernetes.client",
          "io.javaoperatorsdk",
          "software.amazon.awssdk",
          "org.slf4j",
          "java.util.logging",
          "java.net.http",
          "java.net.Socket",
          "java.net.URLConnection",
          "java.nio.file",
          "java.io.File",
          "java.io.InputStream",
          "java.io.OutputStream",
          "java.io.Reader",
          "java.io.Writer",
          "java.io.RandomAccessFile",
          "java.util.Random",
          "java.util.concurrent.ThreadLocalRandom",
          "java.security.SecureRandom",
          "java.lang.Thread",
          "java.util.concurrent.Executor");

  /** Calls that ask the world something. */
  private static final Set<String> QUESTIONS =
      Set.of(
          "java.lang.System.getenv",
          "java.lang.System.getProperty",
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.time.Instant.now",
          "java.time.LocalDateTime.now",
          "java.time.LocalDate.now",
          "java.time.OffsetDateTime.now",
          "java.time.ZonedDateTime.now",
          "java.time.Clock.systemUTC",
          "java.time.Clock.systemDefaultZone",
          "java.time.Clock.system",
          "java.util.UUID.randomUUID",
          "java.lang.Math.random");

  private static final Pattern BANNED_NAME =
      Pattern.compile(
          "Abstract.*|Base[A-Z].*|.*Utils?([A-Z].*)?|.*(Helper|(?<!Task|Job)Manager|Impl)");

  @Test
  void packagesImportOnlyWhatTheTableAllows() {
    var wrong = new TreeSet<String>();
    for (JavaClass type : CLASSES) {
      String from = area(type);
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        boolean ours = target.getPackageName().startsWith(ROOT);
        if (ours
            && !from.isEmpty()
            && !from.equals(area(target))
            && !mayImport(from, area(target))) {
          wrong.add(type.getName() + " knows " + target.getName());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static boolean mayImport(String from, String to) {
    return MAY_IMPORT.getOrDefault(from, Set.of()).contains(to);
  }

  @Test
  void everyPackageIsInTheTable() {
    assertThat(CLASSES.stream().map(ArchitectureTest::area).filter(name -> !name.isEmpty()))
        .isSubsetOf(MAY_IMPORT.keySet());
  }

  @Test
  void theTableItselfHasNoCycle() {
    MAY_IMPORT.keySet().forEach(area -> assertThat(reachable(area)).doesNotContain(area));
  }

  private static Set<String> reachable(String area) {
    var found = new HashSet<String>();
    var open = new ArrayList<>(MAY_IMPORT.get(area));
    while (!open.isEmpty()) {
      String next = open.remove(0);
      if (found.add(next)) {
        open.addAll(MAY_IMPORT.get(next));
      }
    }
    return found;
  }

  @Test
  void noClassesOfAPackageKnowOneAnotherInACircle() {
    var cycles = ClassCycles.in(CLASSES.stream().toList());
    assertThat(cycles)
        .as("the largest cycle has %d classes", cycles.isEmpty() ? 0 : cycles.get(0).size())
        .isEmpty();
  }

  @Test
  void purePackagesDoNotKnowTheWorld() {
    var wrong = new TreeSet<String>();
    for (JavaClass type : pureClasses()) {
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        String name = target.getName();
        // api's FlinkCluster extends it; it is a value
        boolean customResource =
            area(type).equals("api") && name.equals("io.fabric8.kubernetes.client.CustomResource");
        if (!customResource
            && !ownResource(type, name)
            && WORLD.stream().anyMatch(name::startsWith)) {
          wrong.add(dependency.getDescription());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** What lies in the operator's own archive is a constant, whichever way it is read. */
  private static boolean ownResource(JavaClass type, String name) {
    return Set.of(ROOT + ".render.Files", ROOT + ".flinkconf.OptionsFile").contains(type.getName())
        && name.equals("java.io.InputStream");
  }

  /** The client's own message holds the whole status, which fills a log and explains nothing. */
  @Test
  void whatTheApiServerSaidIsToldInItsOwnWordsEverywhere() {
    var wrong = new TreeSet<String>();
    for (JavaClass type : CLASSES) {
      for (JavaAccess<?> access : type.getAccessesFromSelf()) {
        if (access.getTargetOwner().getName().endsWith(".KubernetesClientException")
            && access.getName().equals("getMessage")
            && !type.getSimpleName().equals("Refusal")
            && !area(type).equals("cli")) { // it tells one person, of one request
          wrong.add(access.getDescription());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void purePackagesAskTheWorldNothing() {
    assertThat(accesses(pureClasses(), QUESTIONS::contains)).isEmpty();
  }

  @Test
  void onlyTheRestClientSpeaksHttp() {
    assertThat(users("java.net.http", Set.of("flinkrest", ""))).isEmpty();
  }

  @Test
  void onlyTheAwsPackageKnowsAws() {
    assertThat(users("software.amazon.awssdk", Set.of("aws", ""))).isEmpty();
  }

  /** The operator's memory and its rights depend on it: all of AWS is asked by the job's pods. */
  @Test
  void onlyTheContainerThatFetchesReachesAws() {
    assertThat(users(ROOT + ".aws", Set.of("aws", "fetch", ""))).isEmpty();
    assertThat(users(ROOT + ".fetch", Set.of("fetch", ""))).isEmpty();
    assertThat(
            CLASSES.stream()
                .filter(type -> area(type).isEmpty())
                .filter(
                    type ->
                        type.getDirectDependenciesFromSelf().stream()
                            .map(d -> area(d.getTargetClass(), ROOT))
                            .anyMatch(Set.of("aws", "fetch")::contains))
                .map(JavaClass::getSimpleName))
        .containsExactlyInAnyOrder("FetchMain", "LeftoversMain");
  }

  /** A reconcile must not; the container that fetches has nothing else to do. */
  @Test
  void nothingSleeps() {
    assertThat(
            accesses(
                CLASSES.stream().filter(type -> !area(type).equals("fetch")).toList(),
                Set.of("java.lang.Thread.sleep", "java.util.concurrent.TimeUnit.sleep")::contains))
        .isEmpty();
  }

  @Test
  void nothingReadsSerializedObjects() {
    assertThat(users("java.io.ObjectInputStream", Set.of())).isEmpty();
  }

  @Test
  void namesSayWhatATypeIsFor() {
    assertThat(
            CLASSES.stream()
                .filter(type -> BANNED_NAME.matcher(type.getSimpleName()).matches())
                .map(JavaClass::getName))
        .isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIsFor() throws IOException {
    var silent = new ArrayList<Path>();
    for (Path file : javaFiles()) {
      if (!Files.exists(file.resolveSibling("package-info.java"))) {
        silent.add(file.getParent());
      }
    }
    assertThat(silent).isEmpty();
  }

  @Test
  void filesStayShort() throws IOException {
    var tooLong = new ArrayList<String>();
    for (Path file : javaFiles()) {
      long lines = Files.readAllLines(file).size();
      if (lines > MAX_LINES) {
        tooLong.add(file + " has " + lines + " lines, at most " + MAX_LINES);
      }
    }
    assertThat(tooLong).isEmpty();
  }

  private static List<Path> javaFiles() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  private static List<JavaClass> pureClasses() {
    return CLASSES.stream().filter(type -> PURE.contains(area(type))).toList();
  }

  private static Set<String> accesses(List<JavaClass> types, Predicate<String> banned) {
    var found = new TreeSet<String>();
    for (JavaClass type : types) {
      for (JavaAccess<?> access : type.getAccessesFromSelf()) {
        String called = access.getTargetOwner().getName() + "." + access.getTarget().getName();
        if (banned.test(called)) {
          found.add(access.getDescription());
        }
      }
    }
    return found;
  }

  private static Set<String> users(String prefix, Set<String> allowed) {
    return CLASSES.stream()
        .filter(type -> !allowed.contains(area(type)))
        .filter(
            type ->
                type.getDirectDependenciesFromSelf().stream()
                    .anyMatch(d -> d.getTargetClass().getName().startsWith(prefix)))
        .map(JavaClass::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String area(JavaClass type, String root) {
    return type.getPackageName().startsWith(root) ? area(type) : "java";
  }

  /** The package below the root; empty for the root itself. */
  private static String area(JavaClass type) {
    String name = type.getPackageName().substring(ROOT.length());
    return name.isEmpty() ? "" : name.substring(1).split("\\.")[0];
  }
}
