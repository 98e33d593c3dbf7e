# Part of start.sh and released.sh: Flink starts once in a pod.
#
# A second JobManager in a pod would run the job from the point the first one began at, which is older than what the job
# has reached since. The operator makes a new start from the newest checkpoint instead.

fail() {
  echo "flinkcluster: ${2//$'\n'/ }" >&2
  exit "$1"
}

mark=${FLINKCLUSTER_START_MARK_DIR:-}/started
refused="this JobManager has already run in this pod; the operator starts a new one from the newest checkpoint"
unmarked="Without a mark in this pod a second start of Flink in it could not be told from the first: Flink is not
started. Look at the disk of the node and at the volume flinkcluster-start-mark of this pod, then delete the pod"

# Leaves the mark that Flink has started; 1: it is there already.
leave_mark() {
  local problem
  if ! problem=$(mkdir "$mark" 2>&1); then
    [[ -e $mark ]] || fail 1 "the mark that Flink has started cannot be written: $problem. $unmarked"
    return 1
  fi
  # On the disk before Flink starts: the node may lose its power at any moment.
  if ! problem=$(sync "$mark" "$FLINKCLUSTER_START_MARK_DIR" 2>&1); then
    rmdir "$mark"
    fail 1 "the mark that Flink has started cannot be written: $problem. $unmarked"
  fi
}

# Not at once: the pod's status holds only the last two states, and why the first run ended must be read there before
# this end takes its place.
wait_and_refuse() {
  echo "flinkcluster: $refused" >&2
  trap 'exit 75' TERM
  sleep "${FLINKCLUSTER_REFUSAL_SECONDS:-300}" &
  wait $!
  fail 75 "$refused"
}
