package io.flinkcluster.operator.simulation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.decide.Decider;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.state.Run;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.judge.Event;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.ObservedCheckpoints;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.testcluster.Records;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Operators that are broken on purpose, each at one seam, and in which lifecycle it shows. They are
 * the evidence that the judge would see such a fault.
 */
final class Mutants {
  private static final String C = Lifecycle.C;

  /**
   * A broken operator.
   *
   * @param invariant that must be violated
   * @param sound the lifecycle with the same trouble and an operator that is not broken: it must
   *     not be violated there
   */
  record Mutant(
      int number,
      String what,
      String invariant,
      Function<Seams, Trial> lifecycle,
      java.util.function.Supplier<Seams> seams) {
    Trial broken() {
      return lifecycle.apply(seams.get());
    }

    Trial sound() {
      return lifecycle.apply(Seams.NONE);
    }

    @Override
    public String toString() {
      return number + ": " + what;
    }
  }

  private Mutants() {}

  static Lifecycle lifecycle(String name) {
    return Lifecycle.all().stream().filter(l -> l.name().equals(name)).findFirst().orElseThrow();
  }

  private static Function<Seams, Trial> in(String lifecycle) {
    return in(lifecycle, w -> {});
  }

  /** In a world that is prepared in this way before anything else. */
  private static Function<Seams, Trial> in(String lifecycle, Consumer<World> world) {
    return in(lifecycle, world, (w, o) -> Interference.NONE);
  }

  private static Function<Seams, Trial> in(
      String name,
      Consumer<World> prepared,
      BiFunction<World, OperatorProcess, Interference> trouble) {
    return seams -> {
      var world = new World(seams);
      prepared.accept(world);
      Lifecycle lifecycle = lifecycle(name);
      return Trial.run(lifecycle, world, trouble, lifecycle.end());
    };
  }

  private static Function<Seams, Trial> in(Lifecycle lifecycle) {
    return seams ->
        Trial.run(lifecycle, new World(seams), (w, o) -> Interference.NONE, lifecycle.end());
  }

  // --- seams ---

  private static Seams deciding(
      UnaryOperator<Situation> before, BiFunction<Situation, Decision, Decision> after) {
    return new Seams() {
      @Override
      Function<Situation, Decision> decider() {
        return s -> {
          Situation seen = before.apply(s);
          return after.apply(seen, Decider.decide(seen));
        };
      }
    };
  }

  private static Seams seeing(UnaryOperator<Situation> before) {
    return deciding(before, (s, d) -> d);
  }

  private static Seams sending(UnaryOperator<SimulatedApiServer.Request> change) {
    return new Seams() {
      @Override
      SimulatedApiServer.Request request(SimulatedApiServer.Request request, World world) {
        return change.apply(request);
      }
    };
  }

  private static boolean applies(SimulatedApiServer.Request r, String kind, String name) {
    return r.method().equals("PATCH") && r.uri().getPath().matches(".*/" + kind + "/" + name);
  }

  private static SimulatedApiServer.Request body(SimulatedApiServer.Request r, String body) {
    return new SimulatedApiServer.Request(r.method(), r.uri(), r.contentType(), body);
  }

  private static SimulatedApiServer.Request tree(
      SimulatedApiServer.Request r, Consumer<ObjectNode> change) {
    var tree = (ObjectNode) SimulatedApiServer.tree(r.body()).deepCopy();
    change.accept(tree);
    return body(r, tree.toString());
  }

  /** Speaks to Flink, but for one of its methods. */
  private static Seams asking(String method, Ask instead) {
    return new Seams() {
      @Override
      FlinkRest rest(FlinkRest port, World world) {
        return (FlinkRest)
            Proxy.newProxyInstance(
                Mutants.class.getClassLoader(),
                new Class<?>[] {FlinkRest.class},
                (proxy, called, arguments) -> {
                  try {
                    return called.getName().equals(method)
                        ? instead.ask(port, world, arguments)
                        : called.invoke(port, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
      }
    };
  }

  private interface Ask {
    Object ask(FlinkRest port, World world, Object[] arguments);
  }

  private static Situation seen(Situation s, String part, Object value) {
    return Records.with(s, "seen", Records.with(s.seen(), part, value));
  }

  private static Situation job(Situation s, UnaryOperator<ObservedJob> change) {
    Optional<FlinkObservation> flink =
        s.seen().flink().map(f -> Records.with(f, "job", f.job().map(change)));
    return seen(s, "flink", flink);
  }

  private static boolean stage(Situation s, OperationStage stage) {
    return s.recorded().operation().filter(o -> o.stage() == stage).isPresent();
  }

  // --- more lifecycles ---

  private static Lifecycle deletionDuringChange() {
    return new Lifecycle(
        "deletion while a change waits",
        Lifecycle.running(
            SampleCluster.STATEFUL.replace("parallelism: 1", "parallelism: 1, onDelete: Cancel")),
        w -> {
          w.kubernetes.unschedulable =
              p ->
                  p.at("/metadata/labels/flinkcluster.io~1epoch").asText().equals("2")
                      && p.at("/metadata/labels/app.kubernetes.io~1component")
                          .asText()
                          .equals("taskmanager");
          w.spec(C, "{image: \"flink:2.3-b\", changeTimeout: 20m}");
          w.pass(20_000);
          w.delete(C);
        },
        w -> w.gone(C) && w.api.list("pods").isEmpty());
  }

  private static Lifecycle finishedThenLost() {
    return new Lifecycle(
        "JobManager of a finished job lost",
        Lifecycle.running(SampleCluster.STATEFUL)
            .andThen(
                w -> {
                  w.flink.finish(w.job(C).orElseThrow());
                  w.until(() -> w.settled(C, "Finished"), 60_000);
                }),
        w -> {
          w.fault("the JobManager's Deployment is deleted");
          w.api
              .get("deployments", World.NAMESPACE, C + "-jobmanager-1")
              .ifPresent(d -> w.api.delete("user", "deployments", d));
          w.pass(60_000);
        },
        w -> w.settled(C, "Finished"));
  }

  private static Lifecycle highAvailabilityDataLost() {
    return new Lifecycle(
        "high availability data lost",
        Lifecycle.running(SampleCluster.STATEFUL + "highAvailability: {enabled: true}\n"),
        w -> {
          w.fault("somebody deletes the high availability data, and the JobManager ends");
          w.api.list("configmaps").stream()
              .filter(
                  c -> c.at("/metadata/labels/configmap-type").asText().equals("high-availability"))
              .forEach(c -> w.api.remove("user", "configmaps", c));
          w.kubernetes.killContainer(w.jobManagerPods(C).get(0).at("/metadata/uid").asText());
        },
        w -> w.ready(C) && w.job(C).filter(SimulatedJob::running).isPresent());
  }

  private static Lifecycle outage() {
    return new Lifecycle(
        "outage of the API server",
        Lifecycle.running(SampleCluster.STATEFUL),
        w -> {
          w.fault("outage");
          w.operator().interfere(c -> Fate.UNAVAILABLE);
          w.spec(C, "image: flink:2.3-b");
          w.pass(180_000);
          w.operator().interfere(Interference.NONE);
        },
        w -> w.ready(C) && Lifecycle.at(w) == 2);
  }

  private static Lifecycle sameSpec() {
    return new Lifecycle(
        "an edit that changes nothing",
        Lifecycle.running(SampleCluster.STATEFUL),
        w -> w.spec(C, "{suspend: false, taskManager: {taskSlots: 1}}"),
        w -> w.ready(C));
  }

  private static Lifecycle foreign() {
    return new Lifecycle(
        "create, where another's Service has the name",
        w -> {
          ObjectNode service = ApiObjects.object();
          service.put("apiVersion", "v1").put("kind", "Service");
          service.putObject("metadata").put("name", C + "-rest").put("namespace", World.NAMESPACE);
          service.putObject("spec").put("type", "ClusterIP");
          w.api.put("user", "services", service);
        },
        w -> {
          w.create(C, SampleCluster.STATEFUL);
          w.pass(30_000);
        },
        w -> w.condition(C, "Stalled", "True") || w.ready(C));
  }

  private static Lifecycle neighbour() {
    return new Lifecycle(
        "upgrade while the JobManager of another cluster hangs",
        w -> {
          Lifecycle.running(SampleCluster.STATEFUL).accept(w);
          String other = w.create("other", SampleCluster.STATEFUL);
          w.until(() -> w.ready("other"), 600_000);
          w.act("bystander", other, "");
        },
        w -> {
          w.fault("a JobManager hangs");
          w.job("other").orElseThrow().process.rest = SimulatedJobManager.Rest.HANGS;
          w.spec(C, "image: flink:2.3-b");
        },
        w -> w.ready(C) && Lifecycle.at(w) == 2);
  }

  private static Lifecycle invalid() {
    return new Lifecycle(
        "an invalid spec",
        Lifecycle.running(SampleCluster.STATEFUL),
        w -> w.spec(C, "flinkConfiguration: {rest.port: \"1\"}", false),
        w -> w.condition(C, "ConfigValid", "False"));
  }

  private static Lifecycle labelRemoved() {
    String with =
        SampleCluster.STATEFUL
            + "podTemplate: {}\ningress: {host: flink.example.com, annotations: {a: b, c: d}}\n";
    return new Lifecycle(
        "an annotation is removed",
        Lifecycle.running(with),
        w -> w.spec(C, "ingress: {annotations: {c: null}}"),
        w -> w.ready(C));
  }

  private static Lifecycle secret() {
    return new Lifecycle(
        "a literal secret",
        Lifecycle.running(SampleCluster.STATEFUL),
        w -> {
          w.marker("hunter2-XYZZY");
          w.spec(C, "flinkConfiguration: {s3.secret-key: hunter2-XYZZY}", false);
        },
        w -> w.condition(C, "ConfigValid", "False"));
  }

  private static Lifecycle knowsNothing() {
    return new Lifecycle(
        "delete, where the JobManager knows no job",
        Lifecycle.running(
            SampleCluster.STATEFUL.replace("parallelism: 1", "parallelism: 1, onDelete: Cancel")),
        w -> {
          w.job(C).orElseThrow().process.rest = SimulatedJobManager.Rest.KNOWS_NOTHING;
          w.pass(20_000);
          w.delete(C);
        },
        w -> w.gone(C));
  }

  private static Interference freezing(World w, OperatorProcess o, Lifecycle l, String what) {
    var done = new boolean[1];
    return call -> {
      if (!done[0] && call.what().equals(what)) {
        done[0] = true;
        CrashPoints.freeze(w, o, l);
      }
      return Fate.PASSES;
    };
  }

  private static Function<Seams, Trial> frozen(String name, int status) {
    Lifecycle lifecycle = lifecycle(name);
    return seams ->
        Trial.run(
            lifecycle,
            new World(seams),
            (w, o) -> {
              var count = new int[1];
              return call -> {
                if (call.what().equals("patch flinkclusters/status") && ++count[0] == status) {
                  CrashPoints.freeze(w, o, lifecycle);
                }
                return Fate.PASSES;
              };
            },
            lifecycle.end());
  }

  /** All of them. */
  static List<Mutant> all() {
    var all = new ArrayList<Mutant>();
    state(all);
    order(all);
    objects(all);
    prepared(all);
    liveness(all);
    return all;
  }

  private static final Pattern FROM =
      Pattern.compile("\"--fromSavepoint\",\"[^\"]+\",?|,\"--fromSavepoint\",\"[^\"]+\"");

  private static void state(List<Mutant> all) {
    all.add(
        new Mutant(
            1,
            "does not wait for the old JobManager",
            "S2",
            in("upgrade with savepoint", w -> w.kubernetes.termination = 20_000),
            () -> seeing(s -> seen(s, "jobManagersGone", true))));
    all.add(
        new Mutant(
            3,
            "stops the job by removing its JobManager",
            "S9",
            in("upgrade with savepoint"),
            () ->
                asking(
                    "stopWithSavepoint",
                    (port, world, a) -> {
                      var operator = world.operator();
                      operator
                          .client()
                          .apps()
                          .deployments()
                          .inNamespace(World.NAMESPACE)
                          .withName(C + "-jobmanager-1")
                          .delete();
                      return CompletableFuture.completedFuture(null);
                    })));
    all.add(
        new Mutant(
            4,
            "uses the job id of the first start again",
            "S3",
            in("upgrade stateless"),
            () -> {
              var first = new String[1];
              var job = Pattern.compile("\"--job-id\",\"([0-9a-f]{32})\"");
              return sending(
                  r -> {
                    if (!applies(r, "deployments", ".*-jobmanager-.*")) {
                      return r;
                    }
                    Matcher id = job.matcher(r.body());
                    if (!id.find()) {
                      return r;
                    }
                    first[0] = first[0] == null ? id.group(1) : first[0];
                    return body(r, r.body().replace(id.group(1), first[0]));
                  });
            }));
    all.add(
        new Mutant(
            8,
            "records the savepoint only after the JobManager is removed",
            "S9",
            in("upgrade with savepoint"),
            () ->
                sending(
                    r ->
                        r.uri().getPath().endsWith("/status")
                                && r.body().contains("\"stage\":\"Stopping\"")
                            ? tree(
                                r,
                                t -> {
                                  ((ObjectNode) t.at("/status/operation")).remove("savepoint");
                                  ((ObjectNode) t.get("status")).remove("restorePoint");
                                })
                            : r)));
    all.add(
        new Mutant(
            9,
            "cancels, instead of stopping with a savepoint",
            "S6",
            in("upgrade with savepoint"),
            () ->
                asking(
                    "stopWithSavepoint",
                    (port, world, a) -> port.cancel((Address) a[0], a[1].toString()))));
    all.add(
        new Mutant(
            10,
            "uses a savepoint after which the job ran on",
            "S9",
            in(
                "upgrade with savepoint",
                w -> {
                  w.flink.savepoints = SimulatedFlink.Savepoints.RUN_ON;
                  w.time.after(
                      37_000, () -> w.flink.savepoints = SimulatedFlink.Savepoints.COMPLETE);
                }),
            () ->
                seeing(
                    s ->
                        stage(s, OperationStage.AwaitingJobEnd)
                            ? job(
                                s,
                                j ->
                                    Records.with(
                                        Records.with(j, "state", "FINISHED"),
                                        "endedAt",
                                        Optional.of(s.now())))
                            : s)));
    all.add(
        new Mutant(
            11,
            "removes the high availability data of a JobManager that lives",
            "S10",
            in("upgrade with high availability"),
            () ->
                deciding(
                    s -> s,
                    (s, d) ->
                        stage(s, OperationStage.Preparing)
                            ? with(
                                d,
                                new Action.RemoveHighAvailabilityData(
                                    List.of(s.names().highAvailability(s.uid(), 1))))
                            : d)));
    all.add(
        new Mutant(
            12,
            "trusts high availability data that is lost",
            "S5",
            in(highAvailabilityDataLost()),
            () ->
                new Seams() {
                  @Override
                  SimulatedApiServer.Request request(SimulatedApiServer.Request r, World world) {
                    return applies(r, "deployments", ".*-jobmanager-.*")
                        ? body(r, r.body().replace("FLINKCLUSTER_SNAPSHOT_DIRECTORIES", "UNUSED"))
                        : r;
                  }

                  @Override
                  Function<Situation, Decision> decider() {
                    return Seams.decider(
                        s -> job(s, j -> Records.with(j, "startedAt", Instant.EPOCH)), d -> d);
                  }
                }));
    all.add(
        new Mutant(
            13,
            "recovers without looking for state",
            "S5",
            in("JobManager crash"),
            () ->
                sending(
                    r ->
                        applies(r, "deployments", ".*-jobmanager-2")
                            ? body(
                                r,
                                FROM.matcher(r.body())
                                    .replaceAll("")
                                    .replace("FLINKCLUSTER_SNAPSHOT_DIRECTORIES", "UNUSED"))
                            : r)));
    all.add(
        new Mutant(
            14,
            "takes the first checkpoint of a list for the newest",
            "S9",
            in("upgrade from last checkpoint"),
            () ->
                seeing(
                    s ->
                        job(
                            s,
                            j ->
                                Records.with(
                                    j,
                                    "checkpoints",
                                    Records.with(
                                        j.checkpoints(),
                                        "last",
                                        j.checkpoints().last().map(Mutants::first)))))));
    all.add(
        new Mutant(
            15,
            "begins with empty state where a restore has failed",
            "S5",
            in("rollback"),
            () ->
                sending(
                    r ->
                        applies(r, "deployments", ".*-jobmanager-3")
                            ? body(
                                r,
                                FROM.matcher(r.body())
                                    .replaceAll("")
                                    .replace("FLINKCLUSTER_SNAPSHOT_DIRECTORIES", "UNUSED"))
                            : r)));
    all.add(
        new Mutant(
            21,
            "starts a finished job again when its JobManager is missing",
            "S14",
            in(finishedThenLost()),
            () ->
                seeing(
                    s ->
                        s.recorded().launch().isEmpty()
                            ? s
                            : s.withRecorded(s.recorded().with(s.launch().withFinishedAt(null))))));
  }

  private static void prepared(List<Mutant> all) {
    all.add(
        new Mutant(
            33,
            "releases a prepared JobManager while the old one still takes its savepoint",
            "S21",
            in("upgrade with savepoint"),
            () ->
                deciding(
                    s -> s,
                    (s, d) ->
                        stage(s, OperationStage.Savepointing)
                            ? s.seen().pods().stream()
                                .filter(ObservedPod::held)
                                .findFirst()
                                .map(
                                    p ->
                                        with(
                                            d,
                                            new Action.ReleaseJobManager(
                                                p.name(), p.uid(), Optional.empty(), List.of())))
                                .orElse(d)
                            : d)));
    all.add(
        new Mutant(
            34,
            "releases a prepared JobManager while the old one is still there",
            "S22",
            in("upgrade with savepoint", w -> w.kubernetes.termination = 20_000),
            () -> seeing(s -> seen(s, "jobManagersGone", true))));
    all.add(
        new Mutant(
            35,
            "takes the FlinkCluster of its cache for the newest",
            "S10",
            seams ->
                CrashPoints.run(
                    new CrashPoints.Point(
                        lifecycle("upgrade with high availability"), 36, CrashPoints.shown(5)),
                    new World(seams)),
            () ->
                new Seams() {
                  @Override
                  SimulatedApiServer.Answer instead(
                      SimulatedApiServer.Request request, OperatorProcess operator) {
                    var target = SimulatedApiServer.Target.of(request.uri());
                    return request.method().equals("GET") && target.kind().equals("flinkclusters")
                        ? new SimulatedApiServer.Answer(
                            200, operator.shown(target.namespace() + "/" + target.name()))
                        : null;
                  }
                }));
  }

  private static ObservedCheckpoints.Completed first(ObservedCheckpoints.Completed last) {
    return Records.with(
        Records.with(last, "path", last.path().replaceAll("chk-[0-9]+$", "chk-1")), "id", 1L);
  }

  private static Decision with(Decision d, Action action) {
    var steps = new ArrayList<Action>(d.actions());
    steps.add(action);
    return d.actions(steps);
  }

  private static void order(List<Mutant> all) {
    all.add(
        new Mutant(
            5,
            "chooses a job id anew each time it applies the JobManager",
            "S6",
            in("create"),
            () -> {
              var count = new int[1];
              return sending(
                  r ->
                      applies(r, "deployments", ".*-jobmanager-.*")
                          ? body(
                              r,
                              r.body()
                                  .replaceAll(
                                      "\"--job-id\",\"[0-9a-f]{32}\"",
                                      "\"--job-id\",\"%032x\"".formatted(++count[0])))
                          : r);
            }));
    all.add(
        new Mutant(
            6,
            "chooses a trigger id anew each time it asks for the savepoint",
            "S7",
            in("upgrade with savepoint"),
            () -> {
              var count = new int[1];
              return asking(
                  "stopWithSavepoint",
                  (port, world, a) ->
                      port.stopWithSavepoint(
                          (Address) a[0],
                          a[1].toString(),
                          "%032x".formatted(++count[0]),
                          a[3].toString()));
            }));
    all.add(
        new Mutant(
            7,
            "asks Flink before it has written down that it will",
            "S6",
            in("upgrade with savepoint"),
            () -> {
              var port = new FlinkRest[1];
              return new Seams() {
                @Override
                FlinkRest rest(FlinkRest own, World world) {
                  port[0] = own;
                  return own;
                }

                @Override
                Function<Situation, Decision> decider() {
                  return s -> {
                    Decision d = Decider.decide(s);
                    d.recorded()
                        .operation()
                        .filter(
                            o ->
                                o.stage() == OperationStage.Savepointing
                                    && !stage(s, OperationStage.Savepointing))
                        .ifPresent(
                            o ->
                                s.seen()
                                    .runningJobManager(1)
                                    .ifPresent(
                                        ip ->
                                            port[0].stopWithSavepoint(
                                                new Address(ip, 8081),
                                                s.launch().jobId(),
                                                o.triggerId(),
                                                o.savepointDirectory())));
                    return d;
                  };
                }
              };
            }));
    all.add(
        new Mutant(
            16,
            "writes the status without a resourceVersion",
            "S20",
            frozen("upgrade with savepoint", 3),
            () ->
                sending(
                    r ->
                        r.uri().getPath().endsWith("/status")
                            ? tree(
                                r,
                                t -> {
                                  ((ObjectNode) t.get("metadata")).remove("resourceVersion");
                                  ((ObjectNode) t.get("metadata")).remove("uid");
                                })
                            : r)));
    all.add(
        new Mutant(
            17,
            "takes no notice of a status that was not written",
            "S16",
            in(
                "upgrade with savepoint",
                w -> w.fault("a write of the status fails"),
                (w, o) -> {
                  var count = new int[1];
                  return call ->
                      call.what().equals("patch flinkclusters/status") && ++count[0] < 8
                          ? Fate.FAILS
                          : Fate.PASSES;
                }),
            () ->
                new Seams() {
                  @Override
                  SimulatedApiServer.Answer answer(
                      SimulatedApiServer.Request request, SimulatedApiServer.Answer answer) {
                    return answer;
                  }

                  @Override
                  SimulatedApiServer.Answer refused(
                      SimulatedApiServer.Request request, SimulatedApiServer.Answer answer) {
                    return request.uri().getPath().endsWith("/status")
                        ? new SimulatedApiServer.Answer(
                            200, SimulatedApiServer.tree(request.body()))
                        : answer;
                  }
                }));
    all.add(
        new Mutant(
            18,
            "reads its caches where it should read live",
            "S13",
            in("upgrade with savepoint"),
            () ->
                new Seams() {
                  @Override
                  SimulatedApiServer.Answer instead(
                      SimulatedApiServer.Request request, OperatorProcess operator) {
                    var target = SimulatedApiServer.Target.of(request.uri());
                    if (!request.method().equals("GET") || !target.name().isEmpty()) {
                      return null;
                    }
                    ObjectNode list = ApiObjects.object();
                    list.put("apiVersion", "v1").put("kind", "List").putObject("metadata");
                    var items = list.putArray("items");
                    if (OperatorProcess.WATCHED.containsValue(target.kind())) {
                      operator.view(target.kind()).stream()
                          .filter(
                              o ->
                                  o.at("/metadata/labels/app.kubernetes.io~1component")
                                      .asText()
                                      .equals("jobmanager"))
                          .forEach(items::add);
                    }
                    return new SimulatedApiServer.Answer(200, list);
                  }
                }));
    all.add(
        new Mutant(
            29,
            "works on when it leads no more",
            "S20",
            seams -> {
              Lifecycle l = lifecycle("upgrade with savepoint");
              return Trial.run(
                  l, new World(seams), (w, o) -> freezing(w, o, l, "patch configmaps"), l.end());
            },
            () ->
                new Seams() {
                  @Override
                  boolean endsWithItsLease() {
                    return false;
                  }
                }));
  }

  private static void objects(List<Mutant> all) {
    all.add(
        new Mutant(
            2,
            "never removes the TaskManagers of the start before",
            "K1",
            in("upgrade with savepoint"),
            () ->
                sending(
                    r ->
                        r.method().equals("DELETE") && r.uri().getPath().contains("-taskmanager-1")
                            ? null
                            : r)));
    all.add(
        new Mutant(
            19,
            "deletes by name alone",
            "S11",
            in("upgrade with savepoint"),
            () ->
                sending(
                    r ->
                        r.method().equals("DELETE")
                            ? tree(r, t -> t.remove("preconditions"))
                            : r)));
    all.add(
        new Mutant(
            20,
            "takes over an object of somebody else",
            "S11",
            in(foreign()),
            () ->
                sending(
                    r ->
                        r.method().equals("PATCH") && r.body().contains("\"resourceVersion\":\"1\"")
                            ? tree(
                                r, t -> ((ObjectNode) t.get("metadata")).remove("resourceVersion"))
                            : r)));
    all.add(
        new Mutant(
            27,
            "merges where it should apply",
            "K3",
            in(labelRemoved()),
            () ->
                sending(
                    r ->
                        applies(r, "ingresses", ".*")
                            ? new SimulatedApiServer.Request(
                                r.method(),
                                r.uri(),
                                r.body().contains("\"resourceVersion\":\"1\"")
                                    ? r.contentType()
                                    : "application/merge-patch+json",
                                r.body())
                            : r)));
    all.add(
        new Mutant(
            28,
            "scales for a spec that cannot be carried out",
            "S12",
            in(invalid()),
            () ->
                deciding(
                    s -> s,
                    (s, d) ->
                        s.admission() instanceof Admission.Refused && !d.runs().isEmpty()
                            ? d.runs(
                                d.runs().stream()
                                    .map(r -> Records.with(r, "spec", r.spec().withTaskManagers(5)))
                                    .toArray(Run[]::new))
                            : d)));
    all.add(
        new Mutant(
            31,
            "leaves a ConfigMap of Flink's behind with each upgrade",
            "K1",
            in("upgrade with high availability"),
            () ->
                sending(
                    r ->
                        r.method().equals("DELETE")
                                && r.uri().getPath().endsWith("-cluster-config-map")
                            ? null
                            : r)));
    all.add(
        new Mutant(
            36,
            "keeps nodes after an operation",
            "K9",
            in("savepoint by token"),
            () ->
                deciding(
                    s -> s,
                    (s, d) ->
                        d.actions(
                            d.actions().stream()
                                .filter(a -> !(a instanceof Action.ProtectPods p) || p.on())
                                .toList()))));
    all.add(
        new Mutant(
            32,
            "logs the spec with its secrets",
            "X3",
            in(secret()),
            () ->
                new Seams() {
                  @Override
                  void afterPass(World world, OperatorProcess operator) {
                    world
                        .cluster(C)
                        .ifPresent(
                            c ->
                                world.history.add(
                                    new Event.Logged(
                                        world.time.now(),
                                        operator.name(),
                                        c.path("spec").toString())));
                  }
                }));
  }

  private static void liveness(List<Mutant> all) {
    all.add(
        new Mutant(
            22,
            "gives up after five failures",
            "L8",
            in(outage()),
            () ->
                new Seams() {
                  private final Set<String> given = new HashSet<>();

                  @Override
                  boolean reconciles(String cluster, int failuresInARow, World world) {
                    if (failuresInARow >= 5) {
                      given.add(cluster);
                    }
                    return !given.contains(cluster);
                  }
                }));
    all.add(
        new Mutant(
            23,
            "hears nothing of a deletion while a change waits",
            "L4",
            in(deletionDuringChange()),
            () ->
                seeing(
                    s ->
                        s.recorded()
                                .operation()
                                .filter(o -> o.type() != OperationType.Delete)
                                .isPresent()
                            ? Records.with(s, "wishes", Records.with(s.wishes(), "deleting", false))
                            : s)));
    all.add(
        new Mutant(
            24,
            "keeps its finalizer while the JobManager knows no job",
            "L1",
            in(knowsNothing()),
            () ->
                deciding(
                    s -> s,
                    (s, d) ->
                        s.wishes().deleting()
                            ? Records.with(
                                Decision.of(d.phase(), s.recorded()).soon(), "rule", d.rule())
                            : d)));
    all.add(
        new Mutant(
            25,
            "compares specs as texts",
            "L3",
            in(sameSpec()),
            () ->
                seeing(
                    s ->
                        s.admission() instanceof Admission.Accepted a && s.generation() > 1
                            ? Records.with(
                                s,
                                "admission",
                                new Admission.Accepted(
                                    textual(a.cluster(), s.generation()), a.warnings()))
                            : s)));
    all.add(
        new Mutant(
            26,
            "writes the status in every reconcile",
            "L2",
            in("create"),
            () ->
                new Seams() {
                  @Override
                  void afterPass(World world, OperatorProcess operator) {
                    world
                        .cluster(C)
                        .ifPresent(
                            c ->
                                operator
                                    .client()
                                    .resource(world.typed(c, FlinkCluster.class))
                                    .patch(
                                        io.fabric8.kubernetes.client.dsl.base.PatchContext.of(
                                            io.fabric8.kubernetes.client.dsl.base.PatchType
                                                .JSON_MERGE),
                                        "{\"status\":{\"phase\":\""
                                            + c.at("/status/phase").asText("Pending")
                                            + "\"}}"));
                  }
                }));
    all.add(
        new Mutant(
            30,
            "waits for a JobManager that hangs before it looks at another cluster",
            "L1",
            in(neighbour()),
            () ->
                new Seams() {
                  @Override
                  boolean reconciles(String cluster, int failuresInARow, World world) {
                    return world.flink.jobManagers().stream()
                        .noneMatch(j -> j.rest == SimulatedJobManager.Rest.HANGS);
                  }
                }));
  }

  private static CheckedCluster textual(CheckedCluster cluster, long generation) {
    return Records.with(
        Records.with(cluster, "generation", generation), "fingerprint", "text of " + generation);
  }

  static Map<String, String> objects(World world) {
    var objects = new java.util.TreeMap<String, String>();
    for (String kind :
        List.of("services", "networkpolicies", "poddisruptionbudgets", "ingresses")) {
      for (ObjectNode object : world.api.list(kind)) {
        ObjectNode annotations =
            object.at("/metadata/annotations") instanceof ObjectNode a
                ? a.deepCopy()
                : ApiObjects.object();
        annotations.remove("flinkcluster.io/rendered");
        objects.put(
            kind + "/" + object.at("/metadata/name").asText(),
            object.path("spec") + " " + annotations);
      }
    }
    return objects;
  }
}
