package io.flinkcluster.operator.bench;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.flinkcluster.operator.e2e.E2eCluster;
import io.flinkcluster.operator.e2e.E2eNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/**
 * What no Java program in the operator's image can be below, with the operator's own options.
 *
 * @param milliseconds from the start of a JVM to its end
 * @param residentKilobytes of one that waits
 */
record IdleJvm(long milliseconds, long residentKilobytes) {
  private static final String PATH = Idle.class.getName().replace('.', '/') + ".class";
  private static final String OPTIONS =
      "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms32m -XX:MaxNewSize=16m -Xss512k"
          + " -XX:-UsePerfData -cp /classes "
          + Idle.class.getName();

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: idle-jvm}
      spec:
        restartPolicy: Never
        terminationGracePeriodSeconds: 0
        securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
        volumes:
          - name: classes
            configMap: {name: idle-jvm, items: [{key: Idle.class, path: "%s"}]}
        containers:
          - name: java
            image: "%s"
            imagePullPolicy: IfNotPresent
            securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
            command: [sh, -c, "exec java %s 600000"]
            volumeMounts: [{name: classes, mountPath: /classes}]
      """;

  /** Measures it in a namespace of its own. */
  static IdleJvm measure(E2eCluster kubernetes, String image) {
    try (E2eNamespace space = kubernetes.space("idle")) {
      space
          .client()
          .resource(
              new ConfigMapBuilder()
                  .withNewMetadata()
                  .withName("idle-jvm")
                  .withNamespace(space.name())
                  .endMetadata()
                  .addToBinaryData("Idle.class", Base64.getEncoder().encodeToString(classFile()))
                  .build())
          .create();
      Pod pod = Serialization.unmarshal(POD.formatted(PATH, image, OPTIONS), Pod.class);
      var pods = space.client().pods().inNamespace(space.name());
      pods.resource(pod).create();
      pods.withName("idle-jvm").waitUntilReady(60, TimeUnit.SECONDS);
      var process = new InPod(space.kubectl(), "idle-jvm", "java");
      // The second run of the two finds the files in memory, as the operator's start does.
      String run = "java " + OPTIONS + " 0; a=$(date +%s%3N); java " + OPTIONS + " 0;";
      String took = process.shell(run + " b=$(date +%s%3N); echo $((b - a))");
      return new IdleJvm(Long.parseLong(took.strip()), process.residentKilobytes());
    }
  }

  private static byte[] classFile() {
    try (InputStream in = Idle.class.getClassLoader().getResourceAsStream(PATH)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
