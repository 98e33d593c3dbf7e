#!/usr/bin/env bash
# Starts one Flink process, with the arguments and variables that the official image's entrypoint takes.
set -uo pipefail

home=${FLINK_HOME:-/opt/flink}
conf=${FLINK_CONF_DIR:-$home/conf}

# ENABLE_BUILT_IN_PLUGINS: names of jars in opt/, separated by semicolons.
enable_plugins() {
  local jar name jars=${ENABLE_BUILT_IN_PLUGINS:-}
  for jar in ${jars//;/ }; do
    name=${jar%.jar}
    if [[ ! -e $home/opt/$jar ]]; then
      echo "plugin $jar is not in $home/opt" >&2
      exit 1
    fi
    mkdir -p "$home/plugins/$name" && ln -fs "$home/opt/$jar" "$home/plugins/$name/" || exit 1
    echo "enabled plugin $name"
  done
}

# Settings from the environment go into the configuration file. A file that cannot be written, such as one mounted
# from a ConfigMap, is used as it is. All blanks of a line of FLINK_PROPERTIES go, as in the official image.
configure() {
  local args=() line key value
  set_option() { args+=(-D "$1=$2"); }
  set_option jobmanager.rpc.address "${JOB_MANAGER_RPC_ADDRESS:-$(hostname -f)}"
  set_option blob.server.port 6124
  set_option query.server.port 6125
  # Shipped for one machine, where everything listens on localhost.
  set_option jobmanager.bind-host 0.0.0.0
  set_option taskmanager.bind-host 0.0.0.0
  set_option rest.bind-address 0.0.0.0
  set_option rest.address 0.0.0.0
  [[ -z ${TASK_MANAGER_NUMBER_OF_TASK_SLOTS:-} ]] || set_option taskmanager.numberOfTaskSlots "$TASK_MANAGER_NUMBER_OF_TASK_SLOTS"
  while IFS= read -r line; do
    line=${line//[[:space:]]/}
    [[ $line == *:* ]] || continue
    key=${line%%:*}
    value=$(envsubst <<<"${line#*:}")
    set_option "$key" "$value"
  done <<<"${FLINK_PROPERTIES:-}"
  if ! [[ -w $conf/config.yaml ]]; then
    echo "$conf/config.yaml cannot be written and is used as it is" >&2
    return
  fi
  "$home/bin/config-parser-utils.sh" "$conf" "$home/bin" "$home/lib" -rmKey taskmanager.host "${args[@]}"
}

command=${1:-help}
case $command in
  help)
    echo "Usage: $(basename "$0") (jobmanager | standalone-job | taskmanager | history-server | help) [ARGUMENT]..."
    echo "       $(basename "$0") COMMAND [ARGUMENT]..."
    ;;
  jobmanager | standalone-job | taskmanager | history-server)
    shift
    enable_plugins
    configure
    script=$command
    [[ $command == history-server ]] && script=historyserver
    exec "$home/bin/$script.sh" start-foreground "$@"
    ;;
  *)
    exec "$@"
    ;;
esac
