package io.flinkcluster.operator.judge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** It comes to an end, says why it does not, and rests when it has. */
final class LivenessInvariants {
  private LivenessInvariants() {}

  static List<Invariant> all() {
    return List.of(
        new Converges(),
        new DeletionEnds(),
        new Rests(),
        new SaysWhy(),
        new NeverGivesUp(),
        new NoHotLoop());
  }

  /** L1, and L4 where what was asked for was the end of the cluster. */
  private static final class Converges extends Invariant {
    Converges() {
      super("L1");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.Act act) {
        if (act.what().equals("converged")) {
          premise();
        } else if (act.what().equals("not-converged")) {
          premise();
          violated(event, act.cluster(), "does not come to its end: %s", act.detail());
        }
      }
    }
  }

  private static final class DeletionEnds extends Invariant {
    private static final long BOUND = 330_000;
    private final Map<String, Long> since = new HashMap<>();
    private boolean fault;

    DeletionEnds() {
      super("L4");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.Act act) {
        fault |= act.what().equals("fault");
        if (act.what().equals("deleted")) {
          since.put(act.cluster(), act.at());
        } else if (act.what().equals("waiting") && since.containsKey(act.cluster()) && !fault) {
          boolean saves =
              facts
                  .cluster(act.cluster())
                  .object
                  .at("/spec/job/onDelete")
                  .asText("Savepoint")
                  .equals("Savepoint");
          require(
              facts.cluster(act.cluster()).gone
                  || event.at() - since.get(act.cluster()) <= (saves ? BOUND + 600_000 : BOUND),
              event,
              act.cluster(),
              "it is still there %d s after its deletion",
              (event.at() - since.get(act.cluster())) / 1000);
        }
      }
    }
  }

  private static final class Rests extends Invariant {
    private boolean quiet;

    Rests() {
      super("L2");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.Act act) {
        if (act.what().equals("quiet")) {
          quiet = true;
          premise();
        } else if (act.what().equals("unquiet")) {
          quiet = false;
        }
      } else if (quiet && event instanceof Event.FlinkCall call) {
        violated(event, call.cluster(), "%s although nothing is to be done", call.call());
      } else if (quiet
          && event instanceof Event.Request request
          && request.byOperator()
          && request.done()
          && !request.reads()) {
        violated(
            event,
            "",
            "%s %s %s although nothing has changed: %s",
            request.verb(),
            request.kind(),
            request.name(),
            request.body());
      }
    }
  }

  private static final class SaysWhy extends Invariant {
    SaysWhy() {
      super("L7");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.Act act && act.what().equals("waiting")) {
        JsonNode status = facts.cluster(act.cluster()).status();
        boolean told = false;
        for (JsonNode condition : status.path("conditions")) {
          told |=
              condition.path("type").asText().equals("Ready")
                  && !condition.path("status").asText().equals("True")
                  && !condition.path("reason").asText().isBlank()
                  && !condition.path("message").asText().isBlank();
        }
        for (JsonNode savepoint : status.path("savepoints")) {
          told |= !savepoint.at("/disposal/message").asText().isBlank();
        }
        require(
            told,
            event,
            act.cluster(),
            "for a minute nothing says why it is not as it should be: %s",
            status.path("conditions"));
      }
    }
  }

  private static final class NeverGivesUp extends Invariant {
    private static final long BOUND = 600_000;
    private final Map<String, Long> waitsSince = new HashMap<>();
    private long lastPass;

    NeverGivesUp() {
      super("L8");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.Operator operator) {
        if (operator.what().equals("pass") || operator.what().equals("began")) {
          lastPass = event.at();
        }
      } else if (event instanceof Event.Act act) {
        if (act.what().equals("waiting")) {
          long since = waitsSince.computeIfAbsent(act.cluster(), c -> event.at());
          require(
              event.at() - Math.max(since, lastPass) <= BOUND,
              event,
              act.cluster(),
              "no attempt for ten minutes although there is something to do");
        } else {
          waitsSince.remove(act.cluster());
        }
      }
    }
  }

  private static final class NoHotLoop extends Invariant {
    private static final int MOST = 240;
    private final Deque<Long> passes = new ArrayDeque<>();

    NoHotLoop() {
      super("L9");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.Operator operator && operator.what().equals("pass")) {
        passes.addLast(event.at());
        while (passes.peekFirst() < event.at() - 60_000) {
          passes.removeFirst();
        }
        premise();
        if (passes.size() == MOST * Math.max(1, facts.names.size())) {
          violated(event, "", "%d reconciles within a minute", passes.size());
        }
      }
    }
  }
}
