package io.flinkcluster.operator.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.Problem;
import io.flinkcluster.operator.model.StorageDirs;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionRulesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {flinkVersion: null}                                    | spec.flinkVersion | is missing
          {image: null}                                           | spec.image | is not an image
          {image: "a b"}                                          | spec.image | is not an image
          {serviceAccountName: "A b"}                             | spec.serviceAccountName | is not the name
          {ports: {rest: 80}}                                     | spec.ports.rest | 6000 to 60000
          {ports: {rest: 6123}}                                   | spec.ports.rest | same as spec.ports.jobManagerRpc
          {bufferTimeout: 500us}                                  | spec.bufferTimeout | whole milliseconds
          {bufferTimeout: -2}                                     | spec.bufferTimeout | only negative value
          {bufferTimeout: "0.5ms"}                                | spec.bufferTimeout | fractions
          {bufferTimeout: soon}                                   | spec.bufferTimeout | is not a duration
          {bufferTimeout: 400d}                                   | spec.bufferTimeout | longer than a day
          {job: {jarURI: null}}                                   | spec.job | neither which jar
          {job: {jarURI: "s3://b"}}                               | spec.job.jarURI | not an object on S3
          {job: {jarURI: "https://a:b@h/j.jar"}}                  | spec.job.jarURI | credentials
          {job: {jarURI: "http://169.254.169.254/j.jar"}}         | spec.job.jarURI | is not a path
          {job: {jarURI: "local:///a,b.jar"}}                     | spec.job.jarURI | is not a path
          {job: {entryClass: "com..Foo;rm"}}                      | spec.job.entryClass | Java class
          {job: {args: ["a\\0b"]}}                                | spec.job.args[0] | NUL
          {job: {parallelism: 2}}                                 | spec.job.parallelism | as many slots
          {job: {parallelism: -1}}                                | spec.job.parallelism | below 1
          {job: {maxParallelism: 2, parallelism: 3}, taskManager: {replicas: 3}} | spec.job.parallelism | exceeds
          {job: {maxParallelism: 2}, taskManager: {replicas: 3}}  | spec.taskManager.replicas | above job.maxParallelism
          {job: {maxParallelism: 40000}}                          | spec.job.maxParallelism | outside
          {job: {initialSavepoint: "not a uri"}}                  | spec.job.initialSavepoint | is not a URI
          {taskManager: {replicas: 0}}                            | spec.taskManager.replicas | at least one
          {taskManager: {replicas: -1}}                           | spec.taskManager.replicas | below 0
          {taskManager: {taskSlots: 0}}                           | spec.taskManager.taskSlots | below 1
          {jobManager: {replicas: 2}}                             | spec.jobManager.replicas | highAvailability.enabled: true
          {jobManager: {replicas: 0}}                             | spec.jobManager.replicas | needs a JobManager
          {highAvailability: {enabled: true}, storage: null, job: {upgradeMode: Stateless}} | spec.highAvailability.enabled | storage.baseURI
          {rescale: {mode: InPlace}, flinkConfiguration: {jobmanager.scheduler: default}} | spec.flinkConfiguration.jobmanager.scheduler | where spec.rescale.mode is InPlace
          {rescale: {mode: Auto}, flinkConfiguration: {slot.idle.timeout: 5 s}} | spec.flinkConfiguration.slot.idle.timeout | where spec.rescale.mode is Auto
          {rescale: {mode: Auto}, flinkConfiguration: {jobmanager.adaptive-scheduler.scaling-interval.min: 5 s}} | spec.flinkConfiguration.jobmanager.adaptive-scheduler.scaling-interval.min | belongs to the operator
          {rescale: {mode: Auto}, flinkVersion: "1.20", flinkConfiguration: {jobmanager.adaptive-scheduler.resource-wait-timeout: 5 s}} | spec.flinkConfiguration.jobmanager.adaptive-scheduler.resource-wait-timeout | belongs to the operator
          {rescale: {mode: InPlace}, flinkConfiguration: {execution.runtime-mode: batch}} | spec.rescale.mode | batch job
          {storage: null}                                         | spec.storage | needs directories
          {storage: {baseURI: null}}                              | spec.storage | needs directories
          {storage: {baseURI: "s3://key:secret@b/x"}}             | spec.storage.baseURI | credentials
          {storage: {baseURI: "not a uri"}}                       | spec.storage.baseURI | is not a URI
          {storage: {baseURI: "s3a://b/x"}}                       | spec.storage.baseURI | does not know s3a
          {storage: {baseURI: "file:///data"}}                    | spec.storage.baseURI | outlives the pod
          {storage: {checkpoints: "s3://b/a", savepoints: "s3://b/a/s"}} | spec.storage.savepoints | in one another
          {storage: {checkpointInterval: "0s"}}                   | spec.storage.checkpointInterval | not a duration
          {storage: {s3Plugin: Native}, flinkVersion: "2.2"}      | spec.storage.s3Plugin | has no such plugin
          {taskManager: {resources: {limits: {memory: 2048m}}}}   | spec.taskManager.resources.limits.memory | thousandths
          {taskManager: {resources: {limits: {memory: 2Gib}}}}    | spec.taskManager.resources.limits.memory | not a quantity
          {taskManager: {resources: {limits: {memory: 64Mi}}}}    | spec.taskManager.resources.limits.memory | too small
          {taskManager: {resources: {requests: {memory: "2048"}}}} | spec.taskManager.resources.requests.memory | mebibyte
          {jobManager: {resources: {limits: {cpu: "0"}}}}         | spec.jobManager.resources.limits.cpu | above 0
          {jobManager: {resources: {requests: {cpu: 2}, limits: {cpu: 1}}}} | spec.jobManager.resources.requests.cpu | exceeds the limit
          {jobManager: {resources: {limits: {memory: 10000000000000000000000000000000}}}} | spec.jobManager.resources.limits.memory | not a quantity
          {flinkConfiguration: {"jobmanager.rpc.port": "1"}}      | spec.flinkConfiguration.jobmanager.rpc.port | belongs to the operator
          {flinkConfiguration: {"state.checkpoints.dir": "x"}}    | spec.flinkConfiguration.state.checkpoints.dir | belongs to the operator
          {flinkConfiguration: {"execution.buffer-timeout": "1"}} | spec.flinkConfiguration.execution.buffer-timeout | belongs to the operator
          {flinkConfiguration: {"kubernetes.namespace": "x"}}     | spec.flinkConfiguration.kubernetes.namespace | belongs to the operator
          {flinkConfiguration: {"$internal.x": "x"}}              | spec.flinkConfiguration.$internal.x | belongs to the operator
          {flinkConfiguration: {"execution.savepoint.path": "x"}} | spec.flinkConfiguration.execution.savepoint.path | belongs to the operator
          {flinkConfiguration: {"parallelism.default": "3"}}      | spec.flinkConfiguration.parallelism.default | belongs to the operator
          {flinkConfiguration: {"a b": "x"}}                      | spec.flinkConfiguration.a b | is not the name
          {flinkConfiguration: {"": "x"}}                         | spec.flinkConfiguration. | is not the name
          {flinkConfiguration: {"a": "x\\ny: z"}}                 | spec.flinkConfiguration.a | line break
          {flinkConfiguration: {"s3.secret-key": "AKIA"}}         | spec.flinkConfiguration.s3.secret-key | secret
          {flinkConfiguration: {"a": "1", "a.b": "2"}}            | spec.flinkConfiguration.a | parent of a.b
          {flinkConfiguration: {"restart-strategy": "none", "restart-strategy.type": "none"}} | spec.flinkConfiguration.restart-strategy.type | another spelling
          {flinkConfiguration: {"env.java.opts.all": "-Da=\\"x"}} | spec.flinkConfiguration.env.java.opts.all | quote
          {flinkConfiguration: {"env.java.home": "/a b"}}         | spec.flinkConfiguration.env.java.home | plain path
          {flinkConfiguration: {"state.backend": "forst"}, storage: {stateBackend: RocksDB}} | spec.flinkConfiguration.state.backend | says RocksDB
          {hadoopConf: {}}                                        | spec.hadoopConf.configMapName | is missing
          {hadoopConf: {configMapName: h, mountPath: /opt/flink}} | spec.hadoopConf.mountPath | hide
          {secretFiles: [{secretName: s, mountPath: /k, mode: "0440"}]} | spec.secretFiles[0].mode | nobody else
          {secretFiles: [{secretName: s, mountPath: /k, mode: "0200"}]} | spec.secretFiles[0].mode | readable by its owner
          {secretFiles: [{secretName: s, mountPath: /k}, {secretName: t, mountPath: /k/}]} | spec.secretFiles[1].mountPath | the same as
          {secretFiles: [{mountPath: /k}]}                        | spec.secretFiles[0].secretName | is missing
          {logConfiguration: {"config.yaml": "x"}}                | spec.logConfiguration.config.yaml | logging file
          {logConfiguration: {"../x": "x"}}                       | spec.logConfiguration.../x | logging file
          {changeTimeout: never}                                  | spec.changeTimeout | is not a duration
          {podTemplate: {kind: Pod}}                              | spec.podTemplate.kind | metadata and spec only
          {podTemplate: {spec: {nodeSelector: 5}}}                | spec.podTemplate.spec.nodeSelector | wrong type
          {podTemplate: {spec: {containers: [{name: a, env: x}]}}} | spec.podTemplate.spec.containers[0].env | wrong type
          {podTemplate: {metadata: {name: x}}}                    | spec.podTemplate.metadata.name | belongs to the operator
          {podTemplate: {metadata: {labels: {"flinkcluster.io/epoch": "1"}}}} | spec.podTemplate.metadata.labels.flinkcluster.io/epoch | belongs to the operator
          {podTemplate: {spec: {serviceAccountName: admin}}}      | spec.podTemplate.spec.serviceAccountName | belongs to the operator
          {podTemplate: {spec: {hostNetwork: true}}}              | spec.podTemplate.spec.hostNetwork | belongs to the operator
          {podTemplate: {spec: {restartPolicy: Never}}}           | spec.podTemplate.spec.restartPolicy | restart always
          {podTemplate: {spec: {schedulingGates: [{name: x}]}}}   | spec.podTemplate.spec.schedulingGates | belongs to the operator
          {podTemplate: {spec: {containers: [{image: x}]}}}       | spec.podTemplate.spec.containers[0].name | is missing
          {podTemplate: {spec: {containers: [{name: a}, {name: a}]}}} | spec.podTemplate.spec.containers[1].name | given twice
          {podTemplate: {spec: {volumes: [{name: flinkcluster-config}]}}} | spec.podTemplate.spec.volumes[0].name | belong to the operator
          {jobManager: {podTemplate: {spec: {containers: [{name: flink, command: [x]}]}}}} | spec.jobManager.podTemplate.spec.containers[flink].command | belongs to the operator
          {taskManager: {podTemplate: {spec: {containers: [{name: flink, image: x}]}}}} | spec.taskManager.podTemplate.spec.containers[flink].image | belongs to the operator
          {podTemplate: {spec: {containers: [{name: flink, env: [{name: POD_IP, value: x}]}]}}} | spec.podTemplate.spec.containers[flink].env[POD_IP] | belongs to the operator
          {podTemplate: {spec: {containers: [{name: flink, volumeMounts: [{name: v, mountPath: /opt/flink/conf/}]}]}}} | spec.podTemplate.spec.containers[flink].volumeMounts[/opt/flink/conf/] | hide
          """)
  void whatCannotBeCarriedOutIsRefusedWithFieldReasonAndRemedy(
      String change, String field, String reason) {
    var problems = Resource.problems(Resource.with(change));

    assertThat(problems).filteredOn(p -> p.field().equals(field)).isNotEmpty();
    Problem problem =
        problems.stream().filter(p -> p.field().equals(field)).findFirst().orElseThrow();
    assertThat(problem.message()).contains(reason);
    assertThat(problem.remedy()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{job: {parallelism: 1, maxParallelism: 1}}",
        "{job: {jarURI: null, entryClass: com.example.Job}}",
        "{job: {upgradeMode: Stateless}, storage: null}",
        "{job: {upgradeMode: Stateless}, storage: {baseURI: 'file:///tmp'}}",
        "{rescale: {mode: InPlace}}",
        "{rescale: {mode: Auto}, flinkVersion: '1.20'}",
        "{rescale: {mode: Savepoint}, flinkConfiguration: {jobmanager.scheduler: adaptive}}",
        "{rescale: {mode: Auto}, flinkConfiguration: {jobmanager.adaptive-scheduler.prefer-minimal-taskmanagers: 'false'}}",
        "{job: null, taskManager: {replicas: 0}}",
        "{job: null, storage: null, flinkConfiguration: {parallelism.default: '2'}}",
        "{suspend: true, taskManager: {replicas: 0}}",
        "{bufferTimeout: 100}",
        "{bufferTimeout: '100'}",
        "{bufferTimeout: 5 ms}",
        "{bufferTimeout: -1}",
        "{taskManager: {resources: {limits: {memory: 2G, cpu: '0.5'}}}}",
        "{taskManager: {resources: {limits: {memory: '2147483648'}}}}",
        "{taskManager: {resources: {limits: {memory: 768Mi}}}, flinkConfiguration:"
            + " {taskmanager.memory.managed.size: '0'}}",
        "{flinkConfiguration: {a: yes, b: 'null', c: '1e3', d: '', e: \"\\u2028\"}}",
        "{flinkConfiguration: {s3.endpoint: 'https://x', s3.endpoint.region: y}}",
        "{flinkConfiguration: {security.delegation.tokens.enabled: 'false'}}",
        "{flinkConfiguration: {state.backend.type: forst}}",
        "{flinkConfiguration: {env.java.opts.all: '-Da=\"x y\"'}}",
        "{podTemplate: {spec: {hostNetwork: false, restartPolicy: Always}}}",
        "{storage: {baseURI: 'file:///data/x'}, podTemplate: {spec: {containers: [{name: flink,"
            + " volumeMounts: [{name: d, mountPath: /data/}]}], volumes: [{name: d, nfs: {server:"
            + " s, path: /}}]}}}"
      })
  void whatCanBeCarriedOutIsAccepted(String change) {
    assertThat(Resource.problems(Resource.with(change))).isEmpty();
  }

  @Test
  void everyProblemIsReportedAtOnce() {
    var problems =
        Resource.problems(
            Resource.with(
                "{image: null, bufferTimeout: -2, job: {parallelism: 9}, storage: null}"));

    assertThat(problems)
        .extracting(Problem::field)
        .containsExactlyInAnyOrder(
            "spec.image", "spec.bufferTimeout", "spec.job.parallelism", "spec.storage");
  }

  @ParameterizedTest
  @ValueSource(strings = {"emptyDir: {}", "ephemeral: {}", "hostless: null"})
  void aVolumeThatDiesWithThePodHoldsNoState(String source) {
    var change =
        "{storage: {baseURI: 'file:///data'}, podTemplate: {spec: {containers: [{name: flink,"
            + " volumeMounts: [{name: d, mountPath: /data}]}], volumes: [{name: d, "
            + source
            + "}]}}}";

    assertThat(Resource.problems(Resource.with(change.replace(", hostless: null", ""))))
        .extracting(Problem::field)
        .contains("spec.storage.baseURI");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.b", "My_Job", "1st", "a123456789-123456789-123456789-123456789-12345"})
  void aNameThatIsNoShortDnsLabelIsRefused(String name) {
    assertThat(Resource.problems(Resource.named(name)))
        .extracting(Problem::field)
        .containsExactly("metadata.name");
  }

  @Test
  void aNameOf45CharactersIsAccepted() {
    assertThat(Resource.problems(Resource.named("a".repeat(45)))).isEmpty();
  }

  @Test
  void aSecretIsNotRepeatedInTheProblem() {
    var problems = Resource.problems(Resource.with("{flinkConfiguration: {my.password: hunter2}}"));

    assertThat(problems).hasSize(1).noneMatch(p -> p.message().contains("hunter2"));
  }

  @Test
  void aMissingSpecIsAProblemAndNoCrash() {
    FlinkCluster cluster = Resource.with("{}");
    cluster.setSpec(null);

    assertThat(Resource.problems(cluster)).extracting(Problem::field).containsExactly("spec");
  }

  @Test
  void aZeroBufferTimeoutIsAcceptedWithAWarning() {
    var admission = AdmissionRules.check(Resource.with("{bufferTimeout: 0}"));

    assertThat(admission).isInstanceOf(Admission.Accepted.class);
    assertThat(((Admission.Accepted) admission).warnings())
        .extracting(Problem::field)
        .containsExactly("spec.bufferTimeout");
  }

  @ParameterizedTest
  @CsvSource({"100,100", "5 ms,5", "1s,1000", "-1,-1", "2m,120000", "0ms,0"})
  void aBufferTimeoutIsReadInAnyUnit(String text, long millis) {
    assertThat(Resource.checked("{bufferTimeout: '" + text + "'}").bufferTimeout())
        .hasValueSatisfying(timeout -> assertThat(timeout.millis()).isEqualTo(millis));
  }

  @Test
  void absentBlocksTakeTheDefaultsOfTheSchema() {
    var spec = Resource.checked("{}").spec();

    assertThat(spec.taskManager().replicas()).isEqualTo(1);
    assertThat(spec.ports().rest()).isEqualTo(8081);
    assertThat(spec.job().maxParallelism()).isEqualTo(720);
    assertThat(spec.networkPolicy().enabled()).isTrue();
    assertThat(spec.flinkConfiguration()).isEmpty();
    assertThat(spec.serviceAccountName()).isEqualTo("flink");
    assertThat(Resource.checked("{}").jobManagerMemory()).isEqualTo(1600L << 20);
  }

  @Test
  void directoriesCarryNamespaceAndNameUnlessGivenExplicitly() {
    assertThat(Resource.checked("{storage: {savepoints: 's3://other/s//'}}").dirs())
        .isEqualTo(
            new StorageDirs(
                Optional.of("s3://bucket/flink/demo/wordcount/checkpoints"),
                Optional.of("s3://other/s"),
                Optional.of("s3://bucket/flink/demo/wordcount/ha")));
  }

  @Test
  void theLimitIsTheProcessSizeAndWithoutItTheRequest() {
    assertThat(
            Resource.checked(
                    "{taskManager: {resources: {requests: {memory: 1Gi}, limits: {memory:"
                        + " 2Gi}}}}")
                .taskManagerMemory())
        .isEqualTo(2L << 30);
    assertThat(
            Resource.checked("{taskManager: {resources: {requests: {memory: 1Gi}}}}")
                .taskManagerMemory())
        .isEqualTo(1L << 30);
  }
}
