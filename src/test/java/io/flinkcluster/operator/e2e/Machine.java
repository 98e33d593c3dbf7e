package io.flinkcluster.operator.e2e;

import java.nio.file.Path;
import java.util.List;

/** Where a Kubernetes with real pods runs. Closing it removes everything it made. */
interface Machine extends AutoCloseable {
  /** The administrator's kubeconfig. */
  Path kubeconfig();

  /** The program kubectl. */
  String kubectl();

  /** Arguments for Jib that say on what the operator's image is built. */
  List<String> baseImage();

  /** Makes the image of a docker-archive tar known to the node. */
  void load(Path tar);

  @Override
  void close();
}
