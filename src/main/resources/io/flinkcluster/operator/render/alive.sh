# Whether the Flink process of this pod lives: its port takes connections, and its JVM is at work.
#
# usage: alive.sh PORT [DIRECTORY]    where JVMs keep their counters; /tmp unless given
#
# A process that is frozen, or has no time to run at all, still takes connections: the kernel does that. A JVM (11 to 21)
# writes its counters to a file every 50 ms, from a thread that neither garbage collection nor a busy job stops. Where
# there is no such file, since the image has another JVM or an option turns it off, the port alone counts.
#
# Environment: POD_IP; FLINKCLUSTER_RELEASE and FLINKCLUSTER_START_MARK_DIR as in start.sh: a JobManager that is prepared
# listens only once it is released
set -u

waits=
[[ -z "${FLINKCLUSTER_RELEASE:-}" || -e $FLINKCLUSTER_START_MARK_DIR/started ]] || waits=yes
if [[ -z $waits ]] && ! problem=$( (exec 3<> "/dev/tcp/$POD_IP/$1") 2>&1); then
  echo "port $1 of $POD_IP takes no connections: $problem"
  exit 1
fi

counters=()
for file in "${2:-/tmp}"/hsperfdata_*/*; do
  # What a JVM has left behind that was killed says nothing.
  [[ ! -r $file || ! -d /proc/${file##*/} ]] || counters+=("$file")
done
((${#counters[@]} > 0)) || exit 0

before=$(cksum "${counters[@]}")
sleep 1
if [[ $(cksum "${counters[@]}") == "$before" ]]; then
  echo "the JVM is frozen: for a second it has not written its counters in ${counters[*]}"
  exit 1
fi
