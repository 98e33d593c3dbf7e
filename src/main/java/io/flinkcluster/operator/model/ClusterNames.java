package io.flinkcluster.operator.model;

import java.util.LinkedHashMap;
import java.util.Map;

/** Names and labels of everything that belongs to one cluster. */
public record ClusterNames(String namespace, String name) {
  /** Key, in the ConfigMap of a start, of the spec that was started, as JSON. */
  public static final String SPEC_FILE = "spec.json";

  /**
   * Key, in the ConfigMap of a start, of the operator's defaults that it was made with, as JSON.
   */
  public static final String DEFAULTS_FILE = "defaults.json";

  /** Key, in the ConfigMap of a start, of every option with where it comes from, for people. */
  public static final String EFFECTIVE_FILE = "effective.yaml";

  /** ConfigMap of one start: Flink's configuration, logging, and the spec it was started with. */
  public String config(long epoch) {
    return name + "-config-" + epoch;
  }

  /** Deployment of the JobManager of one start; also the Service its TaskManagers dial. */
  public String jobManager(long epoch) {
    return name + "-jobmanager-" + epoch;
  }

  /** Deployment of the TaskManagers of one start. */
  public String taskManager(long epoch) {
    return name + "-taskmanager-" + epoch;
  }

  /**
   * Cluster id of Flink's own high availability data of one start: prefix of its ConfigMaps and a
   * directory. Its own for every start, also of a later cluster of the same name, so that none
   * finds the data of another. Flink makes a label of it, which may have 63 characters.
   *
   * @param uid of the resource
   */
  public String highAvailability(String uid, long epoch) {
    return highAvailabilityOf(uid) + epoch;
  }

  /** What the cluster ids of all starts begin with, and those of no other cluster. */
  public String highAvailabilityOf(String uid) {
    return name + "-ha-" + Ids.hex("high availability", uid).substring(0, 5) + "-";
  }

  /** Service of the REST API and web UI; outlives every start. */
  public String rest() {
    return name + "-rest";
  }

  /** PodDisruptionBudget of a component; outlives every start. */
  public String disruptionBudget(Component component) {
    return name + "-" + component.label();
  }

  /** NetworkPolicy of the TaskManagers; the dot keeps it from being that of another cluster. */
  public String taskManagerPolicy() {
    return name + ".taskmanager";
  }

  /** NetworkPolicy of the JobManagers, and Ingress. */
  public String policy() {
    return name;
  }

  /** ConfigMap that remembers the last savepoint of a deleted cluster. */
  public String finalSavepoint() {
    return name + "-final-savepoint";
  }

  /**
   * Pod that removes what a deleted cluster left in storage.
   *
   * @param uid of the resource: a later cluster of the same name has a pod of its own
   */
  public String cleanup(String uid) {
    return name + "-cleanup-" + Ids.hex("cleanup", uid).substring(0, 5);
  }

  /**
   * Pod that tries, before a job is stopped, whether the start of this epoch can use its
   * directories.
   *
   * @param uid of the resource
   */
  public String storageCheck(String uid, long epoch) {
    return name + "-check-" + Ids.hex("check", uid).substring(0, 5) + "-" + epoch;
  }

  /** Labels of all objects of the cluster; they select them. */
  public Map<String, String> labels() {
    var labels = new LinkedHashMap<String, String>();
    labels.put(Labels.NAME, Labels.FLINK);
    labels.put(Labels.MANAGED_BY, Labels.OPERATOR);
    labels.put(Labels.CLUSTER, name);
    return labels;
  }

  /** Labels that select the pods of one component, whatever their start. */
  public Map<String, String> labels(Component component) {
    var labels = labels();
    labels.put(Labels.COMPONENT, component.label());
    return labels;
  }

  /** Labels that select the pods of one component and start. */
  public Map<String, String> labels(Component component, long epoch) {
    var labels = labels(component);
    labels.put(Labels.EPOCH, Long.toString(epoch));
    return labels;
  }

  /**
   * Labels of the pods of one component and start, which a Deployment makes.
   *
   * @see Labels#INSTANCE
   */
  public Map<String, String> podLabels(Component component, long epoch) {
    var labels = labels(component, epoch);
    labels.put(Labels.INSTANCE, name);
    return labels;
  }

  /** The same for one start: while two exist, an autoscaler sees only the one that works. */
  public String taskManagerSelector(long epoch) {
    return taskManagerSelector() + "," + Labels.EPOCH + "=" + epoch;
  }

  /** The label selector of the TaskManager pods, as the scale subresource wants it. */
  public String taskManagerSelector() {
    return Labels.CLUSTER
        + "="
        + name
        + ","
        + Labels.COMPONENT
        + "="
        + Component.TASK_MANAGER.label();
  }
}
