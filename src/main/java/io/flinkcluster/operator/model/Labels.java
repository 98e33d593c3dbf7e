package io.flinkcluster.operator.model;

/** Keys and fixed values of labels and annotations. They are contract: users select by them. */
public final class Labels {
  /** Always {@link #FLINK}. */
  public static final String NAME = "app.kubernetes.io/name";

  /**
   * Name of the FlinkCluster; on pods only, which a ReplicaSet owns. Argo CD that tracks by label
   * takes an object without an owner reference that carries it for one of the application of that
   * name, and prunes it.
   */
  public static final String INSTANCE = "app.kubernetes.io/instance";

  /** {@link Component#label()}. */
  public static final String COMPONENT = "app.kubernetes.io/component";

  /** Always {@link #OPERATOR}. */
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /** Name of the FlinkCluster; the operator finds a cluster's objects by it. */
  public static final String CLUSTER = "flinkcluster.io/cluster";

  /**
   * Uid of the FlinkCluster. Objects without it, or with another one, are not the cluster's own,
   * whatever their names.
   */
  public static final String UID = "flinkcluster.io/uid";

  /** Number of the start an object belongs to; absent on objects that outlive a start. */
  public static final String EPOCH = "flinkcluster.io/epoch";

  /** Value of {@link #NAME}. */
  public static final String FLINK = "flink";

  /**
   * Value of {@link #MANAGED_BY}, and field manager of what is patched. What is applied has that of
   * the SDK's configuration.
   */
  public static final String OPERATOR = "flinkcluster-operator";

  /** Annotation on children: hash of the object as rendered. */
  public static final String RENDERED = "flinkcluster.io/rendered";

  /**
   * Annotation on children: which of their labels and annotations {@code spec.childMetadata} gave,
   * as {@code label:KEY} and {@code annotation:KEY} separated by blanks.
   */
  public static final String GIVEN = "flinkcluster.io/child-metadata";

  /** Annotation on Deployments: hash of the pod template as rendered. */
  public static final String TEMPLATE = "flinkcluster.io/template";

  /** Annotation on the ConfigMap of a start: generation of the spec that was started. */
  public static final String GENERATION = "flinkcluster.io/generation";

  /** Annotation: fingerprint of the effective configuration of a start. */
  public static final String CONFIGURATION = "flinkcluster.io/configuration";

  /** Annotation: {@code "true"} stops all writes while observation goes on. */
  public static final String PAUSE = "flinkcluster.io/pause";

  /** Annotation: {@code "true"} makes the operator only write the plan of a change. */
  public static final String PLAN = "flinkcluster.io/plan";

  /** Annotation: token of a wanted savepoint. */
  public static final String SAVEPOINT = "flinkcluster.io/savepoint";

  /** Annotation: token of a wanted restart. */
  public static final String RESTART = "flinkcluster.io/restart";

  /**
   * Annotation of a pod: among equally healthy pods the one with the lowest cost is removed first
   * (Kubernetes 1.22 and later; 0 where it is absent).
   */
  public static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

  /** Value of {@link #DELETION_COST} on a TaskManager that the job can do without. */
  public static final String GOES_FIRST = "-1";

  /**
   * Annotation of a pod: Karpenter does not take its node away to save money, nor replaces it for a
   * change of its NodePool, while the value is {@code "true"}.
   */
  public static final String DO_NOT_DISRUPT = "karpenter.sh/do-not-disrupt";

  /** Annotation of a pod: the Cluster Autoscaler keeps its node while it is {@code "false"}. */
  public static final String SAFE_TO_EVICT = "cluster-autoscaler.kubernetes.io/safe-to-evict";

  /**
   * Annotation of a pod: which of {@link #DO_NOT_DISRUPT} and {@link #SAFE_TO_EVICT} the operator
   * has put on it for the time of an operation, separated by blanks. Only these it takes off.
   */
  public static final String PROTECTED = "flinkcluster.io/protected";

  /** Finalizer of the resource. */
  public static final String FINALIZER = "flinkcluster.io/finalizer";

  /** Name of the init container that fetches what a JobManager needs; users may configure it. */
  public static final String FETCH = "flinkcluster-fetch";

  /** Value of {@link #COMPONENT} of the pod that removes what a deleted cluster left in storage. */
  public static final String CLEANUP = "cleanup";

  /**
   * Value of {@link #COMPONENT} of the pod that tries directories on S3 before a job is stopped.
   */
  public static final String STORAGE_CHECK = "storage-check";

  /**
   * Value of {@link #COMPONENT} of a pod that people make to learn what earlier starts left in
   * storage.
   */
  public static final String LEFTOVERS = "leftovers";

  /** Scheduling gate of a JobManager pod that may start only once. */
  public static final String GATE = "flinkcluster.io/one-start";

  /**
   * Annotation of the pod of a JobManager that is prepared: what it begins from, and that it may
   * begin at all. Empty until then; a pod without the annotation was not prepared.
   */
  public static final String RELEASE = "flinkcluster.io/release";

  private Labels() {}
}
