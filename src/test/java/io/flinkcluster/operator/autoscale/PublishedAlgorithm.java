package io.flinkcluster.operator.autoscale;

import java.util.ArrayList;
import java.util.List;

/**
 * The autoscaler of the Apache operator as its documentation describes it, with the defaults given
 * there: nothing is measured for a stabilization interval of 5 minutes after a start, then a window
 * of 15 minutes must be full; true processing rate = rate / share of time busy of the busiest task;
 * target rate of a source = what it reads + by how much its lag grows; wanted capacity = target /
 * 0.7 + what the lag and a restart of 5 minutes take to be worked off within 30 minutes; nothing is
 * done between utilization 0.4 and 1.0; nothing is given back while a lag is worked off, nor before
 * that was wanted for an hour, nor more than 0.6 at once. The detection of ineffective increases is
 * off, as by default.
 */
final class PublishedAlgorithm implements Sizer {
  private static final int STABILIZATION = 300;
  private static final int WINDOW = 900;
  private static final double TARGET = 0.7;
  private static final double BOUNDARY = 0.3;
  private static final double CATCH_UP = 1800;
  private static final double RESTART = 300;
  private static final double SCALE_DOWN_FACTOR = 0.6;
  private static final int SCALE_DOWN_INTERVAL = 3600;

  /** One second of the window. */
  private record Point(int second, double hottest, double read, double lag) {}

  private final List<Point> window = new ArrayList<>();
  private double lagBefore = Double.NaN;
  private int downSince = -1;
  private int downTo;
  private long since = Long.MIN_VALUE;

  @Override
  public void look(Pipeline job) {
    if (job.stands()) {
      window.clear();
      lagBefore = Double.NaN;
      return;
    }
    long running = job.runningSince().orElseThrow().getEpochSecond();
    if (running != since) { // a restart, for whatever reason, begins anew
      since = running;
      window.clear();
      lagBefore = Double.NaN;
    }
    int ran = (int) (job.at().getEpochSecond() - running);
    double read = Double.isNaN(lagBefore) ? 0 : job.lastArriving - (job.lag() - lagBefore);
    lagBefore = job.lag();
    if (ran < STABILIZATION) {
      return;
    }
    window.add(new Point(job.second(), job.hottest(), read, job.lag()));
    if (window.size() > WINDOW) {
      window.remove(0);
    }
    if (window.size() >= WINDOW && job.second() % 60 == 0 && !job.changing()) {
      decide(job);
    }
  }

  private void decide(Pipeline job) {
    double busy = window.stream().mapToDouble(Point::hottest).average().orElse(0);
    double rate = window.stream().mapToDouble(Point::read).average().orElse(0);
    double trend = (window.get(window.size() - 1).lag() - window.get(0).lag()) / window.size();
    double target = Math.max(0, rate + trend);
    if (rate <= 0 || busy <= 0) {
      return;
    }
    double truly = rate / busy;
    double lag = job.lag();
    double catchUp = lag / CATCH_UP;
    boolean behind = lag > 30 * Math.max(1, target);
    double upper = target / Math.min(1, TARGET + BOUNDARY) + catchUp;
    double lower = behind ? Double.POSITIVE_INFINITY : target / (TARGET - BOUNDARY) + catchUp;
    double wanted = catchUp + target * RESTART / CATCH_UP + target / TARGET;
    int now = job.replicas();
    int tasks =
        (int) Math.ceil(now * Scenario.SLOTS * Math.max(1 - SCALE_DOWN_FACTOR, wanted / truly));
    int size = Math.max(1, Math.min(Scenario.MOST, (tasks + Scenario.SLOTS - 1) / Scenario.SLOTS));
    if (truly < upper && size > now) {
      downSince = -1;
      job.resize(size);
    } else if (truly > lower && size < now) {
      downTo = downSince < 0 ? size : Math.max(downTo, size);
      downSince = downSince < 0 ? job.second() : downSince;
      if (job.second() - downSince >= SCALE_DOWN_INTERVAL) {
        downSince = -1;
        job.resize(downTo);
      }
    } else {
      downSince = -1;
    }
  }
}
