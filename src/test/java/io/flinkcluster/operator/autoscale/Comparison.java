package io.flinkcluster.operator.autoscale;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** All sizes in all scenarios, as a table. Run by dev/bench/autoscale. */
final class Comparison {

  /** What is compared of one run. */
  record Figures(double lagSeconds, double worst, int rescales, double podHours) {

    Figures plus(Figures other) {
      return new Figures(
          lagSeconds + other.lagSeconds,
          Math.max(worst, other.worst),
          rescales + other.rescales,
          podHours + other.podHours);
    }
  }

  static final List<String> NAMES = List.of("fixed", "HPA on CPU", "published", "this one");

  private Comparison() {}

  static Sizer sizer(String name) {
    return Map.<String, Supplier<Sizer>>of(
            "fixed", Sizer::fixed,
            "HPA on CPU", Sizer.CpuHpa::new,
            "published", PublishedAlgorithm::new,
            "this one", Sizer.Model::new)
        .get(name)
        .get();
  }

  static Figures run(Scenario scenario, Sizer sizer, boolean fixed, long seed) {
    var job = new Pipeline(scenario, fixed ? scenario.fixed() : scenario.start(), seed);
    int end = (int) (scenario.hours() * 3600);
    while (job.second() < end) {
      job.step();
      sizer.look(job);
    }
    return new Figures(job.behindSeconds, job.worstBehind, job.rescales, job.podSeconds / 3600);
  }

  static Map<String, Figures> run(Scenario scenario, long seed) {
    var figures = new TreeMap<String, Figures>();
    NAMES.forEach(n -> figures.put(n, run(scenario, sizer(n), n.equals("fixed"), seed)));
    return figures;
  }

  static String table(List<Scenario> scenarios, long seed) {
    var lines = new ArrayList<String>();
    lines.add(
        "| scenario | | lag, mean s behind | longest behind | rescales | pod-hours |\n"
            + "|---|---|---:|---:|---:|---:|");
    for (Scenario scenario : scenarios) {
      var figures = run(scenario, seed);
      NAMES.forEach(n -> lines.add(line(scenario.name(), n, figures.get(n), scenario.hours())));
    }
    lines.addAll(total("**where size matters**", scenarios, Scenario::matterOfSize, seed));
    lines.addAll(total("**where it does not**", scenarios, s -> !s.matterOfSize(), seed));
    return String.join("\n", lines) + "\n";
  }

  private static List<String> total(
      String name, List<Scenario> scenarios, Predicate<Scenario> which, long seed) {
    var chosen = scenarios.stream().filter(which).toList();
    var sums = sums(chosen, seed);
    double hours = chosen.stream().mapToDouble(Scenario::hours).sum();
    return NAMES.stream().map(n -> line(name, n, sums.get(n), hours)).toList();
  }

  static Map<String, Figures> sums(List<Scenario> scenarios, long seed) {
    var sums = new TreeMap<String, Figures>();
    scenarios.forEach(s -> run(s, seed).forEach((n, f) -> sums.merge(n, f, Figures::plus)));
    return sums;
  }

  private static String line(String scenario, String name, Figures f, double hours) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.1f | %.0f s | %d | %.1f |",
        scenario,
        name,
        f.lagSeconds() / hours / 3600,
        f.worst(),
        f.rescales(),
        f.podHours());
  }

  /** Prints the table. */
  public static void main(String[] arguments) {
    System.out.print(
        table(Scenario.all(), arguments.length == 0 ? 1 : Long.parseLong(arguments[0])));
  }
}
