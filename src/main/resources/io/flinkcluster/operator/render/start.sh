# Starts one Flink process in the foreground.
#
# usage: start.sh job|session|taskmanager [arguments of the process, taken literally]
#
# Flink's own scripts (1.20.5 and 2.3.0) start four short-lived JVMs before the real one, to read
# the configuration twice, to ask for the Java version and to divide the memory; on a busy node that
# is half of a start. All of it is known before the pod exists, and comes in the environment.
#
# Environment, besides what Flink's scripts read (JAVA_HOME, FLINK_ENV_JAVA_OPTS, JVM_ARGS,
# FLINK_LOG_DIR, HADOOP_CLASSPATH, HADOOP_CONF_DIR, HADOOP_HOME, YARN_CONF_DIR, HBASE_CONF_DIR, HBASE_HOME,
# STD_REDIRECT_TO_FILE, DISABLE_JEMALLOC, ENABLE_BUILT_IN_PLUGINS):
#   FLINKCLUSTER_JVM_MEMORY   options of the JVM that say how large its parts are
#   FLINKCLUSTER_MEMORY       -D arguments of the process that say the same of Flink's
#   FLINKCLUSTER_START_MARK_DIR  a directory that lives as long as the pod, also when its node reboots; set: Flink
#                             starts only once in it
#   FLINKCLUSTER_RELEASE      a file that is empty until Flink may start; set: the process is prepared and waits for it,
#                             see released.sh. Needs FLINKCLUSTER_START_MARK_DIR
#   FLINKCLUSTER_OWN_DIRECTORY  the directory in which the job itself will keep its checkpoints; set: the job has
#                             run before where anything is in it, and is not started
#   FLINKCLUSTER_SNAPSHOT_DIRECTORIES  directories, one a line, in which a snapshot newer than the known one may be:
#                             paths, or URIs on S3. That of the latest job first; one that a savepoint was to be
#                             written to comes right before that of its job
#   FLINKCLUSTER_SNAPSHOTS_FILE  the file in which an init container has put what it found in those on S3; set where
#                             there are such
#   FLINKCLUSTER_S3_PLUGIN  name of the S3 plugin to enable, without its version
#   FLINKCLUSTER_OPTIONS_DIR  a directory with one file per secret option, named after it; set: they
#                             are added to a copy of the configuration in FLINKCLUSTER_CONF_DIR
set -u

# As the first process of its container a shell ignores this unless told: a pod that is deleted while
# it starts would stay for its whole grace period.
trap 'exit 143' TERM

. "${BASH_SOURCE[0]%/*}/fence.sh"

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
    service=standalonejob
    ;;
  session)
    main=org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint
    service=standalonesession
    ;;
  taskmanager)
    main=org.apache.flink.runtime.taskexecutor.TaskManagerRunner
    service=taskexecutor
    ;;
  *) fail 64 "no such process: $role" ;;
esac

# A JobManager that is prepared leaves its mark when it is released.
if [[ -n "${FLINKCLUSTER_START_MARK_DIR:-}" ]]; then
  if [[ -n "${FLINKCLUSTER_RELEASE:-}" ]]; then
    [[ ! -e $mark ]] || wait_and_refuse
    rm -f "$FLINKCLUSTER_START_MARK_DIR/prepared" || fail 1 "cannot write to $FLINKCLUSTER_START_MARK_DIR"
  else
    leave_mark || wait_and_refuse
  fi
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

# Sets the arguments of a job to begin from the newest snapshot there is.
if [[ $role == job && -z "${FLINKCLUSTER_RELEASE:-}" ]]; then
  . "${BASH_SOURCE[0]%/*}/newest-snapshot.sh"
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

# With an archive of the classes that a process loads, which an image may have, Java starts it in two thirds of the time.
# It takes it only together with the Java and the jars that it was made with, and says nothing where it does not.
sharing=()
archive=$FLINK_HOME/jobmanager.jsa
[[ $role != taskmanager ]] || archive=$FLINK_HOME/taskmanager.jsa
if [[ -f "$archive" && "${version:-0}" -ge 13 ]]; then
  sharing=("-XX:SharedArchiveFile=$archive" "-Xlog:cds*=off" "-Xlog:dynamic*=off")
fi

dist=$(compgen -G "$FLINK_LIB_DIR/flink-dist*.jar") || fail 1 "the image has no $FLINK_LIB_DIR/flink-dist*.jar"
[[ $(wc -l <<< "$dist") -eq 1 ]] || fail 1 "the image has more than one $FLINK_LIB_DIR/flink-dist*.jar"
classpath=$(find -H "$FLINK_LIB_DIR" ! -type d -name '*.jar' ! -path "$dist" | LC_ALL=C sort | tr '\n' ':')$dist

for directory in "${HADOOP_HOME:+$HADOOP_HOME/etc/hadoop}" "${HADOOP_HOME:+$HADOOP_HOME/conf}"; do
  [[ -n "${HADOOP_CONF_DIR:-}" || ! -d $directory ]] || HADOOP_CONF_DIR=$directory
done
for directory in "${HBASE_HOME:+$HBASE_HOME/conf}" /etc/hbase/conf; do
  [[ -n "${HBASE_CONF_DIR:-}" || ! -d $directory ]] || HBASE_CONF_DIR=$directory
done
if [[ -z "${HADOOP_CONF_DIR:-}${HADOOP_CLASSPATH:-}" && -d /etc/hadoop/conf ]]; then
  HADOOP_CONF_DIR=/etc/hadoop/conf
fi
classpath="$classpath:${HADOOP_CLASSPATH:-}:${HADOOP_CONF_DIR:-}:${YARN_CONF_DIR:-}"
classpath="$classpath${HBASE_CONF_DIR:+:$HBASE_CONF_DIR}"

# Both have no blanks but those between the words.
read -ra memory_options <<< "$FLINKCLUSTER_JVM_MEMORY"
read -ra memory_parts <<< "$FLINKCLUSTER_MEMORY"

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

launcher=()
if [[ -n "${FLINKCLUSTER_RELEASE:-}" ]]; then
  files=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
  classpath=$classpath:$files/launcher
  launcher=(io.flinkcluster.launcher.Launcher "$files/jobmanager.classes" "$FLINKCLUSTER_START_MARK_DIR/prepared"
    "$FLINKCLUSTER_RELEASE" "$files/released.sh")
fi

exec "$java" ${sharing[@]+"${sharing[@]}"} ${given[@]+"${given[@]}"} "${memory_options[@]}" ${options[@]+"${options[@]}"} "${logging[@]}" \
  -classpath "$classpath" ${launcher[@]+"${launcher[@]}"} "$main" --configDir "$FLINK_CONF_DIR" "${memory_parts[@]}" "$@"
