# What the reader of ./demo sees. Sourced by it.
# shellcheck shell=bash disable=SC2154 # what ./demo sets

title() { say; say "== $*"; }

# show COMMAND...: a command that the reader may want to type, and what it prints.
show() {
  say "\$ $*"
  "$@" >&2
}

# wait_for SECONDS TEXT COMMAND...: until the command succeeds. What is wrong is shown where it does not in time.
wait_for() {
  local limit=$((SECONDS + $1)) seconds=$1 text=$2
  shift 2
  step "$text"
  until "$@"; do
    if ((SECONDS >= limit)); then
      say
      diagnose
      die "'$text' is not there after $seconds s"
    fi
    sleep 0.5
  done
  done_step ""
}

diagnose() {
  show kubectl -n "$namespace" get pods || true
  show kubectl -n "$namespace" logs "deployment/$release" --tail 15 || true
  [[ -n ${cluster:-} ]] || return 0
  show kubectl -n "$job_namespace" get flinkclusters,pods -o wide || true
  show kubectl -n "$job_namespace" get events --sort-by .lastTimestamp || true
}
