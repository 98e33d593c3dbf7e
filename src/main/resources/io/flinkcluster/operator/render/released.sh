# Run by the launcher in the JVM of a JobManager that was prepared, once its release is there. Prints the arguments of
# Flink, each followed by a NUL. Another exit code than 0: Flink must not start.
#
# usage: released.sh [arguments of Flink, without what it begins from]
#
# Environment, besides what start.sh documents:
#   FLINKCLUSTER_RELEASE  the file of the release: the uid of the pod that is meant, the restore point (empty: none),
#                         and directories to look in for a newer one, as in FLINKCLUSTER_SNAPSHOT_DIRECTORIES; one a line
#   FLINKCLUSTER_POD_UID  uid of this pod
set -u

. "${BASH_SOURCE[0]%/*}/fence.sh"
exec 3>&1 1>&2

{
  read -r uid
  read -r restore_point
  directories=$(cat)
} < "$FLINKCLUSTER_RELEASE"
[[ "$uid" == "$FLINKCLUSTER_POD_UID" ]] || fail 1 "the annotation flinkcluster.io/release of this pod is
meant for another one. Flink is not started; delete the pod"
leave_mark || fail 75 "$refused"

[[ -z "$restore_point" ]] || set -- --fromSavepoint "$restore_point" "$@"
[[ -z "$directories" ]] \
  || FLINKCLUSTER_SNAPSHOT_DIRECTORIES="${FLINKCLUSTER_SNAPSHOT_DIRECTORIES:-}"$'\n'"$directories"
. "${BASH_SOURCE[0]%/*}/newest-snapshot.sh"
(($# == 0)) || printf '%s\0' "$@" >&3
