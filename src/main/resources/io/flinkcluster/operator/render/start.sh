# Starts one Flink process in the foreground.
#
# usage: start.sh job|session|taskmanager [arguments of the process, taken literally]
#
# Flink's own scripts (1.20.5 and 2.3.0) start four short-lived JVMs before the real one, to read
# the configuration twice, to ask for the Java version and to divide the memory; on a busy node that
# is half of a start. The first three are known before the pod exists and come in the environment.
#
# Environment, besides what Flink's scripts read (JAVA_HOME, FLINK_ENV_JAVA_OPTS, JVM_ARGS,
# FLINK_LOG_DIR, HADOOP_CLASSPATH, HADOOP_CONF_DIR, YARN_CONF_DIR, HBASE_CONF_DIR,
# STD_REDIRECT_TO_FILE, DISABLE_JEMALLOC, ENABLE_BUILT_IN_PLUGINS):
#   FLINKCLUSTER_ONCE_DIR   a directory that lives as long as the pod; set: start only once in it
#   FLINKCLUSTER_FETCHED_DIR  a directory in which an init container has put what it fetched; a file
#                             "restore-point" in it holds a checkpoint newer than the known one
#   FLINKCLUSTER_SEARCHED   directories, one a line, in which a snapshot newer than the known one may be, that of
#                           the latest job first; one that a savepoint was to be written to comes right before
#                           that of its job
#   FLINKCLUSTER_S3_PLUGIN  name of the S3 plugin to enable, without its version
#   FLINKCLUSTER_OPTIONS_DIR  a directory with one file per secret option, named after it; set: they
#                             are added to a copy of the configuration in FLINKCLUSTER_CONF_DIR
set -u

# As the first process of its container a shell ignores this unless told: a pod that is deleted while
# it starts would stay for its whole grace period.
trap 'exit 143' TERM

fail() {
  echo "flinkcluster: $2" >&2
  exit "$1"
}

export FLINK_HOME="${FLINK_HOME:-/opt/flink}"
export FLINK_CONF_DIR="${FLINK_CONF_DIR:-$FLINK_HOME/conf}"
export FLINK_BIN_DIR="$FLINK_HOME/bin"
export FLINK_LIB_DIR="${FLINK_LIB_DIR:-$FLINK_HOME/lib}"
export FLINK_PLUGINS_DIR="${FLINK_PLUGINS_DIR:-$FLINK_HOME/plugins}"
export FLINK_OPT_DIR="${FLINK_OPT_DIR:-$FLINK_HOME/opt}"

[[ $# -ge 1 ]] || fail 64 "which process to start is missing"
role=$1
shift
case $role in
  job)
    main=org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint
    memory=GET_JM_RESOURCE_PARAMS
    service=standalonejob
    ;;
  session)
    main=org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint
    memory=GET_JM_RESOURCE_PARAMS
    service=standalonesession
    ;;
  taskmanager)
    main=org.apache.flink.runtime.taskexecutor.TaskManagerRunner
    memory=GET_TM_RESOURCE_PARAMS
    service=taskexecutor
    ;;
  *) fail 64 "no such process: $role" ;;
esac

# A second JobManager in this pod would run the job from the point the first one began at, which is
# older than what the job has reached since. The operator makes a new start from the newest
# checkpoint instead.
if [[ -n "${FLINKCLUSTER_ONCE_DIR:-}" ]] && ! mkdir "$FLINKCLUSTER_ONCE_DIR/started" 2>/dev/null; then
  refused="this JobManager has already run in this pod; the operator starts a new one from the newest checkpoint"
  echo "flinkcluster: $refused" >&2
  # Not at once: the pod's status holds only the last two states, and why the first run ended must
  # be read there before this end takes its place.
  trap 'exit 75' TERM
  sleep "${FLINKCLUSTER_REFUSAL_SECONDS:-300}" &
  wait $!
  fail 75 "$refused"
fi

# Prints a secret option as a line of config.yaml. Builtins alone see the value: no other process
# does, not even as an argument.
secret_option() {
  local key=${1##*/} value escape='\' quote='"'
  value=$(<"$1") || fail 1 "the value of the option $key cannot be read"
  # What is put in is quoted: since 5.2 bash reads & and \ in it as its own otherwise.
  value=${value//"$escape"/"$escape$escape"}
  value=${value//"$quote"/"$escape$quote"}
  value=${value//$'\t'/"${escape}t"}
  value=${value//$'\r'/"${escape}r"}
  value=${value//$'\n'/"${escape}n"}
  [[ "$value" != *[[:cntrl:]]* ]] || fail 1 "the value of the option $key has a control character"
  printf '%s: "%s"\n' "$key" "$value"
}

if [[ -n "${FLINKCLUSTER_OPTIONS_DIR:-}" ]]; then
  copy=$FLINKCLUSTER_CONF_DIR
  umask_before=$(umask)
  umask 077
  rm -f "$copy"/*
  for file in "$FLINK_CONF_DIR"/*; do
    [[ ! -f "$file" ]] || cat "$file" > "$copy/${file##*/}" || fail 1 "cannot write to $copy"
  done
  lines=$(for file in "$FLINKCLUSTER_OPTIONS_DIR"/*; do secret_option "$file" || exit 1; done) || exit 1
  printf '%s\n' "$lines" >> "$copy/config.yaml" || fail 1 "cannot write to $copy"
  chmod 0400 "$copy"/*
  lines=
  umask "$umask_before"
  export FLINK_CONF_DIR=$copy
fi

# Sets $newest to the newest completed checkpoint in a directory with a number above the given one. The
# directory belongs to one job, and _metadata is there only when a checkpoint is complete.
newest_in() {
  local metadata number=$2
  newest=
  for metadata in "$1"/chk-*/_metadata; do
    if [[ -f $metadata && $metadata =~ /chk-([0-9]{1,18})/_metadata$ ]] && ((10#${BASH_REMATCH[1]} > number)); then
      number=$((10#${BASH_REMATCH[1]}))
      newest="file:$1/chk-$number"
    fi
  done
}

# Sets $newest to the completed savepoint in a directory of one operation, and $number to its number among the
# checkpoints of its job, which follows a magic number and a version in _metadata.
savepoint_in() {
  local metadata
  number=-1
  newest=
  for metadata in "$1"/savepoint-*/_metadata; do
    [[ -f $metadata ]] || continue
    number=$(od -An -j8 -N8 -t u8 --endian=big "$metadata" | tr -d ' ')
    [[ $number =~ ^[0-9]{1,18}$ ]] || fail 1 "$metadata tells no number of its savepoint"
    newest="file:${metadata%/_metadata}"
  done
}

# A job whose JobManager was lost may have completed a checkpoint that nobody saw, and with it committed
# what it wrote: an older one would write that again. On S3 an init container has looked for it.
if [[ $role == job ]]; then
  arguments=("$@")
  known=-1
  for ((i = 0; i + 1 < $#; i++)); do
    [[ ${arguments[i]} != -- ]] || break
    [[ ${arguments[i]} == --fromSavepoint ]] || continue
    known=$((i + 1))
    break
  done
  newest=
  if [[ -n "${FLINKCLUSTER_FETCHED_DIR:-}" && -f "$FLINKCLUSTER_FETCHED_DIR/restore-point" ]]; then
    newest=$(<"$FLINKCLUSTER_FETCHED_DIR/restore-point") || fail 1 "the fetched restore point cannot be read"
    [[ -n $newest ]] || fail 1 "the fetched restore point is empty"
  fi
  savepoint=
  above=-1
  while [[ -z $newest ]] && read -r directory; do
    [[ -n $directory ]] || continue
    if [[ -z $savepoint ]] && savepoint_in "$directory" && [[ -n $newest ]]; then
      savepoint=$newest
      above=$number
      newest=
      continue
    fi
    if ((known >= 0)) && [[ ${arguments[known]} =~ ^file:/+(.*)/chk-([0-9]{1,18})/?$ ]] \
      && [[ /${BASH_REMATCH[1]} == "$directory" ]] && ((10#${BASH_REMATCH[2]} > above)); then
      above=$((10#${BASH_REMATCH[2]}))
      savepoint= # the job went on after it
    fi
    newest_in "$directory" "$above"
    [[ -z $savepoint ]] || break
  done <<< "${FLINKCLUSTER_SEARCHED:-}"
  newest=${newest:-$savepoint}
  if [[ -n $newest ]]; then
    echo "flinkcluster: $newest is newer than the restore point that was known; starting from it"
    if ((known >= 0)); then
      arguments[known]=$newest
    else
      arguments=(--fromSavepoint "$newest" "${arguments[@]}")
    fi
  fi
  set -- ${arguments[@]+"${arguments[@]}"}
fi

enable_plugin() {
  local name
  name=$(basename "$1" .jar)
  if ! { mkdir -p "$FLINK_PLUGINS_DIR/$name" && ln -sf "$1" "$FLINK_PLUGINS_DIR/$name/"; }; then
    fail 1 "cannot enable the plugin $name: $FLINK_PLUGINS_DIR cannot be written"
  fi
  echo "flinkcluster: enabled the plugin $name"
}

# The image's entrypoint does this; it is not run, because it starts a JVM as well.
IFS=';' read -ra wanted <<< "${ENABLE_BUILT_IN_PLUGINS:-}"
for jar in "${wanted[@]}"; do
  [[ -z "$jar" ]] && continue
  [[ -f "$FLINK_OPT_DIR/$jar" ]] || fail 1 "the image has no $FLINK_OPT_DIR/$jar (ENABLE_BUILT_IN_PLUGINS)"
  enable_plugin "$FLINK_OPT_DIR/$jar"
done

# The jar's name has Flink's full version in it, which only the image knows.
if [[ -n "${FLINKCLUSTER_S3_PLUGIN:-}" ]] \
  && ! compgen -G "$FLINK_PLUGINS_DIR/*/$FLINKCLUSTER_S3_PLUGIN-*.jar" > /dev/null; then
  found=$(compgen -G "$FLINK_OPT_DIR/$FLINKCLUSTER_S3_PLUGIN-*.jar" | sort | tail -n 1)
  [[ -n "$found" ]] || fail 1 "the image has no $FLINK_OPT_DIR/$FLINKCLUSTER_S3_PLUGIN-*.jar; use an image that has it, or set storage.s3Plugin: None"
  enable_plugin "$found"
fi

if [[ "${DISABLE_JEMALLOC:-false}" == false ]]; then
  # Without it the memory of RocksDB fragments and grows past the container's limit.
  jemalloc="/usr/lib/$(uname -m)-linux-gnu/libjemalloc.so"
  if [[ -f "$jemalloc" ]]; then
    export LD_PRELOAD="${LD_PRELOAD:+$LD_PRELOAD:}$jemalloc"
  fi
fi

if [[ -n "${JAVA_HOME:-}" && -x "$JAVA_HOME/bin/java" ]]; then
  java="$JAVA_HOME/bin/java"
else
  java=$(command -v java) || fail 1 "the image has no Java: set JAVA_HOME or put java on the path"
fi
release="$(dirname "$(dirname "$(readlink -f "$java")")")/release"
version=$(sed -n 's/^JAVA_VERSION="\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' "$release" 2>/dev/null)
if [[ -z "$version" ]]; then
  version=$("$java" -version 2>&1 | sed -n '1s/.*"\(1\.\)\{0,1\}\([0-9]*\).*/\2/p')
fi

dist=$(compgen -G "$FLINK_LIB_DIR/flink-dist*.jar") || fail 1 "the image has no $FLINK_LIB_DIR/flink-dist*.jar"
[[ $(wc -l <<< "$dist") -eq 1 ]] || fail 1 "the image has more than one $FLINK_LIB_DIR/flink-dist*.jar"
classpath=$(find -H "$FLINK_LIB_DIR" ! -type d -name '*.jar' ! -path "$dist" | LC_ALL=C sort | tr '\n' ':')$dist

if [[ -z "${HADOOP_CONF_DIR:-}${HADOOP_CLASSPATH:-}" && -d /etc/hadoop/conf ]]; then
  HADOOP_CONF_DIR=/etc/hadoop/conf
fi
classpath="$classpath:${HADOOP_CLASSPATH:-}:${HADOOP_CONF_DIR:-}:${YARN_CONF_DIR:-}"
classpath="$classpath${HBASE_CONF_DIR:+:$HBASE_CONF_DIR}"

# Two marked lines: options of the JVM, and the parts of the memory as -D arguments.
marker=BASH_JAVA_UTILS_EXEC_RESULT:
divided=$("$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
  -classpath "$FLINK_BIN_DIR/bash-java-utils.jar:$dist" \
  org.apache.flink.runtime.util.bash.BashJavaUtils "$memory" --configDir "$FLINK_CONF_DIR" 2>&1)
mapfile -t lines < <(grep "$marker" <<< "$divided")
if [[ ${#lines[@]} -ne 2 ]]; then
  echo "$divided" >&2
  fail 1 "Flink cannot divide the memory of this process"
fi
read -ra memory_options <<< "${lines[0]#*"$marker"}"
read -ra memory_parts <<< "${lines[1]#*"$marker"}"

# As in Flink's scripts a shell evaluates the options, so that they may name variables of the pod;
# unlike there a quoted blank stays a part of its option.
set -f +u
eval "options=(${FLINK_ENV_JAVA_OPTS:-})" || fail 1 "the JVM options cannot be read: $FLINK_ENV_JAVA_OPTS"
set +f -u
if [[ "${version:-0}" -gt 17 && "${version:-0}" -lt 24 ]]; then
  options+=("-Djava.security.manager=allow")
fi
read -ra given <<< "${JVM_ARGS:-}"

log="${FLINK_LOG_DIR:-$FLINK_HOME/log}/flink-${FLINK_IDENT_STRING:-flink}-$service-0-${HOSTNAME:-pod}"
logging=(
  "-Dlog.file=$log.log"
  "-Dlog4j.configuration=file:$FLINK_CONF_DIR/log4j-console.properties"
  "-Dlog4j.configurationFile=file:$FLINK_CONF_DIR/log4j-console.properties"
  "-Dlogback.configurationFile=file:$FLINK_CONF_DIR/logback-console.xml"
)
if [[ "${STD_REDIRECT_TO_FILE:-false}" == true ]]; then
  logging+=("-Dconsole.log.level=OFF")
  exec 1> "$log.out" 2> "$log.err"
fi

exec "$java" ${given[@]+"${given[@]}"} "${memory_options[@]}" ${options[@]+"${options[@]}"} "${logging[@]}" \
  -classpath "$classpath" "$main" --configDir "$FLINK_CONF_DIR" "${memory_parts[@]}" "$@"
