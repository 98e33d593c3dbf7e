package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.ObservedPod.PodProblem;
import io.flinkcluster.operator.model.SafeText;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What keeps a pod from coming up, as far as its status tells. Two things it does not tell: a
 * volume that waits for a missing ConfigMap or Secret (the pod just stays in ContainerCreating),
 * which only events say, see {@link EventReader}; and a pod that was never created, see {@link
 * DeploymentReader}.
 */
final class PodProblemReader {
  /** The words of kube-scheduler 1.34, and of earlier ones. */
  private static final Pattern BOUND_VOLUME =
      Pattern.compile("volume('s)? node affinity", Pattern.CASE_INSENSITIVE);

  /** Waiting reasons of the kubelet (1.34, pkg/kubelet/images and pkg/kubelet/container). */
  private static final Set<String> IMAGE =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "InvalidImageName",
          "ErrImageNeverPull",
          "ImageInspectError",
          "RegistryUnavailable",
          "SignatureValidationFailed");

  private static final Set<String> NO_TROUBLE = Set.of("ContainerCreating", "PodInitializing");

  private PodProblemReader() {}

  static Optional<PodProblem> of(PodStatus status) {
    return failed(status)
        .or(
            () ->
                Stream.concat(
                        status.getInitContainerStatuses().stream(),
                        status.getContainerStatuses().stream())
                    .map(PodProblemReader::of)
                    .flatMap(Optional::stream)
                    .findFirst())
        .or(() -> unschedulable(status));
  }

  private static Optional<PodProblem> of(ContainerStatus container) {
    var state = Optional.ofNullable(container.getState()).orElseGet(ContainerState::new);
    if (state.getWaiting() != null) {
      return waiting(container, state.getWaiting());
    }
    if (state.getTerminated() != null) {
      return exited(container, state.getTerminated());
    }
    // Running again after a failure: the problem stays until the container has proved itself.
    return Boolean.TRUE.equals(container.getReady())
        ? Optional.empty()
        : last(container).flatMap(end -> exited(container, end));
  }

  private static Optional<PodProblem> waiting(
      ContainerStatus container, ContainerStateWaiting wait) {
    String reason = Objects.requireNonNullElse(wait.getReason(), "");
    String message = Objects.requireNonNullElse(wait.getMessage(), "");
    if (reason.isEmpty() || NO_TROUBLE.contains(reason)) {
      return last(container).flatMap(end -> exited(container, end));
    }
    if (IMAGE.contains(reason)) {
      return problem(Reason.ImagePullFailed, container, reason + ": " + message);
    }
    Optional<PodProblem> said =
        last(container).flatMap(end -> fetch(container, end).or(() -> application(container, end)));
    if (reason.equals("CrashLoopBackOff") && said.isPresent()) {
      return said;
    }
    if (reason.equals("CrashLoopBackOff")) {
      // The kubelet's message counts the seconds of its pause and would change again and again.
      String end =
          last(container)
              .map(ended -> exit(container, ended))
              .orElse("is not started again for a while");
      return problem(Reason.ContainerFailing, container, reason + ": " + end);
    }
    String words = reason + ": " + message;
    if (KubeletTimeOut.is(reason, message)) {
      return problem(Reason.PodNotSetUp, container, words)
          .map(p -> new PodProblem(p.reason(), p.message(), true));
    }
    boolean reference = reason.equals("CreateContainerConfigError") && missing(message);
    return problem(
        reference ? Reason.ReferenceNotFound : Reason.ContainerFailing, container, words);
  }

  /** Whether a message of the kubelet or a controller is about an object that is not there. */
  static boolean missing(String message) {
    return message.matches(
        "(?is).*(configmap|secret|serviceaccount|service account)s?\\b.*not found.*"
            + "|.*couldn't find key .* in (configmap|secret) .*"
            + "|.*references non-existent (config|secret) key.*");
  }

  private static Optional<PodProblem> exited(
      ContainerStatus container, ContainerStateTerminated end) {
    // An init container is done with code 0, and Flink's never ends by itself.
    boolean done = Objects.equals(end.getExitCode(), 0) && !isFlink(container);
    return done
        ? Optional.empty()
        : fetch(container, end)
            .or(() -> application(container, end))
            .or(() -> problem(Reason.ContainerFailing, container, exit(container, end)));
  }

  private static boolean isFlink(ContainerStatus container) {
    return Labels.FLINK.equals(container.getName());
  }

  /** It says itself that the application, not the process, is what has failed. */
  private static Optional<PodProblem> application(
      ContainerStatus container, ContainerStateTerminated end) {
    return isFlink(container)
        ? ContainerExit.application(end).flatMap(why -> problem(Reason.JobFailed, container, why))
        : Optional.empty();
  }

  /** It says itself what is wrong with the directories, or what it could not fetch and why. */
  private static Optional<PodProblem> fetch(
      ContainerStatus container, ContainerStateTerminated end) {
    if (!Labels.FETCH.equals(container.getName()) || !Objects.equals(end.getExitCode(), 1)) {
      return Optional.empty();
    }
    String said = ContainerExit.said(end);
    return StorageReader.problem(end)
        .or(
            () ->
                Optional.of(said)
                    .filter(line -> !line.isEmpty())
                    .map(line -> SafeText.line("cannot fetch " + line))
                    .map(line -> new PodProblem(Reason.FetchFailed, line)));
  }

  private static String exit(ContainerStatus container, ContainerStateTerminated end) {
    return isFlink(container) ? ContainerExit.ofFlink(end) : ContainerExit.text(end);
  }

  private static Optional<ContainerStateTerminated> last(ContainerStatus container) {
    return Optional.ofNullable(container.getLastState()).map(ContainerState::getTerminated);
  }

  /** A pod that the kubelet gave up, for instance evicted for want of memory on the node. */
  private static Optional<PodProblem> failed(PodStatus status) {
    if (!"Failed".equals(status.getPhase())) {
      return Optional.empty();
    }
    String reason = Objects.requireNonNullElse(status.getReason(), "Failed");
    String message = Objects.requireNonNullElse(status.getMessage(), "");
    Reason kind =
        DisruptionReader.isItsOwnDoing(status) ? Reason.ContainerFailing : Reason.PodDisrupted;
    return Optional.of(new PodProblem(kind, SafeText.line(reason + ": " + message)));
  }

  private static Optional<PodProblem> unschedulable(PodStatus status) {
    // Its other reason, SchedulingGated, is the operator's own doing.
    return PodConditions.is(status, "PodScheduled", "False")
        .filter(condition -> "Unschedulable".equals(condition.getReason()))
        .map(condition -> Objects.requireNonNullElse(condition.getMessage(), ""))
        .map(message -> new PodProblem(Reason.Unschedulable, SafeText.line(placed(message))));
  }

  /** The scheduler's words alone do not tell that no node of another zone will ever do. */
  private static String placed(String message) {
    return BOUND_VOLUME.matcher(message).find()
        ? "a volume of the pod can be mounted in one place only, as an EBS volume in its availability"
            + " zone, where no node has room: add a node there, or keep what must outlive the pod on"
            + " S3 or EFS ("
            + message
            + ")"
        : message;
  }

  private static Optional<PodProblem> problem(Reason reason, ContainerStatus of, String message) {
    String who = isFlink(of) ? "" : "container " + of.getName() + ": ";
    return Optional.of(new PodProblem(reason, SafeText.line(who + message)));
  }
}
