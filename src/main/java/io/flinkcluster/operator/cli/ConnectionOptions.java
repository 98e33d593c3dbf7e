package io.flinkcluster.operator.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which API server and namespace, as kubectl's own options say. */
final class ConnectionOptions {
  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "The kubeconfig; unset: as kubectl.")
  private File kubeconfig;

  @Option(names = "--context", paramLabel = "NAME", description = "The context of the kubeconfig.")
  private String context;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "The namespace; unset: that of the context.")
  private String namespace;

  /** A connection, to be closed. */
  Clusters connect() {
    if (kubeconfig != null && !kubeconfig.isFile()) {
      throw new Failure(ExitCode.USAGE, "--kubeconfig " + kubeconfig + ": there is no such file");
    }
    Config found =
        kubeconfig == null
            ? Config.autoConfigure(context)
            : Config.fromKubeconfig(context, kubeconfig);
    Config config = new ConfigBuilder(found).withUserAgent("kubectl-flinkcluster").build();
    // A newer operator may write words that this version does not know: they count as not given.
    var mapper =
        new ObjectMapper()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL);
    var client =
        new KubernetesClientBuilder()
            .withConfig(config)
            .withKubernetesSerialization(new KubernetesSerialization(mapper, true))
            .build();
    String used =
        namespace != null
            ? namespace
            : config.getNamespace() == null ? "default" : config.getNamespace();
    return new Clusters(client, used);
  }

  /** The same for kubectl itself. */
  List<String> forKubectl() {
    var arguments = new ArrayList<String>();
    if (kubeconfig != null) {
      arguments.add("--kubeconfig=" + kubeconfig);
    }
    if (context != null) {
      arguments.add("--context=" + context);
    }
    if (namespace != null) {
      arguments.add("--namespace=" + namespace);
    }
    return arguments;
  }
}
