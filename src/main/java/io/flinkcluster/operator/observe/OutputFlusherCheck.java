package io.flinkcluster.operator.observe;

import io.flinkcluster.operator.flinkrest.JobGraph;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a job's output is flushed by time, told from the threads of a TaskManager: each task
 * whose output goes over a network has one for that, unless its buffer timeout is -1 or 0. The
 * timeout of a job's own code shows nowhere else.
 */
final class OutputFlusherCheck {
  private static final String FLUSHER = "OutputFlusher for ";

  private OutputFlusherCheck() {}

  /** Empty where none of the threads is a task that sends anything. */
  static Optional<Boolean> of(JobGraph graph, List<String> threads) {
    if (threads.stream().anyMatch(name -> name.startsWith(FLUSHER))) {
      return Optional.of(true);
    }
    Set<String> senders =
        graph.vertices().stream()
            .filter(JobGraph.Vertex::feeds)
            .map(JobGraph.Vertex::name)
            .collect(Collectors.toSet());
    boolean sends =
        threads.stream()
            .filter(name -> name.matches(".* \\([0-9]+/[0-9]+\\)#[0-9]+"))
            .anyMatch(name -> senders.contains(name.substring(0, name.lastIndexOf(" ("))));
    return sends ? Optional.of(false) : Optional.empty();
  }
}
