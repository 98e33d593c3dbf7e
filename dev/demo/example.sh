# The example job: start, scale, count. Sourced by ./demo.
# shellcheck shell=bash disable=SC2154 # what ./demo sets

# Flink's own REST API, through the API server.
flink() { kubectl get --raw "/api/v1/namespaces/$job_namespace/services/$cluster-rest:8081/proxy$1" 2>/dev/null; }

status() { kubectl -n "$job_namespace" get flinkcluster "$cluster" -o "jsonpath={.status$1}" 2>/dev/null; }

# Sets $job to the id of the one job that Flink says is running, with all its tasks.
flink_runs() {
  job=$(flink /jobs/overview | jq -er '[.jobs[] | select(.state == "RUNNING" and .tasks.running == .tasks.total)] | first | .jid')
}

checkpoint_completed() {
  flink_runs && flink "/jobs/$job/checkpoints" | jq -e '.counts.completed > 0' >/dev/null
}

operator_agrees() { [[ $(status .job.id) == "$job" && $(status '.conditions[?(@.type=="Ready")].status') == True ]]; }

run_example() {
  title "An example: $example"
  kubectl -n "$job_namespace" create configmap exactly-once-jar --from-file "exactly-once.jar=$job_jar" --dry-run=client -o yaml \
    | kubectl -n "$job_namespace" apply -f - >/dev/null
  (cd "$here" && show kubectl -n "$job_namespace" apply -f "$example") || die "the example is refused"
  read -r cluster < <(kubectl -n "$job_namespace" get -f "$here/$example" -o json \
    | jq -r '(.items // [.])[] | select(.kind == "FlinkCluster") | .metadata.name') \
    || die "there is no FlinkCluster in $example"
  wait_for 120 "Flink says that the job is RUNNING" flink_runs
  wait_for 90 "Flink has completed a checkpoint" checkpoint_completed
  wait_for 60 "the operator says so too" operator_agrees

  title "What a user looks at"
  show kubectl -n "$job_namespace" get flc
  show kubectl -n "$job_namespace" get flc -o wide
  say
  say "TaskManagers' addresses:   $(status '.taskManagers.members[*].podIP')"
  say "Effective buffer timeout:  $(status .job.bufferTimeout)"
  say "Job id in the status:      $(status .job.id)"
  say "Job id in Flink's REST:    $job  ($(flink "/jobs/$job" | jq -r '"\(.name), \(.state)"'))"
}

scaled() {
  [[ $(status '.conditions[?(@.type=="ConfigValid")].status') != False ]] || die "refused: $(status '.conditions[?(@.type=="ConfigValid")].message')"
  [[ $(status .taskManagers.ready) == "$wanted" && $(status .observedGeneration) == "$generation" ]] && checkpoint_completed && operator_agrees
}

# scale_example REPLICAS
scale_example() {
  wanted=$1
  title "Scaling to $wanted"
  show kubectl -n "$job_namespace" scale "flc/$cluster" --replicas="$wanted" || die "the API server refuses"
  generation=$(kubectl -n "$job_namespace" get flinkcluster "$cluster" -o 'jsonpath={.metadata.generation}')
  wait_for 150 "the job runs with parallelism $wanted" scaled
  show kubectl -n "$job_namespace" get flc
  say "TaskManagers' addresses:   $(status '.taskManagers.members[*].podIP')"
  say
  say "What the operator did, from its status (operations[0]):"
  status '.operations[0]' | jq -r '"  \(.type) because of \(.trigger): \(.result)",
    (.steps[] | "    \(.name)  \(.duration)"),
    "  savepoint  \(.savepoint)", "  downtime   \(.downtime // "none")"' >&2
}

# Reads what the job has committed: lines "sequence number count", where count is how many numbers of the same key had
# been seen, of sixteen keys that take turns. The files of one checkpoint come one after the other, so a number may be
# missing for a moment; one that stays missing is lost.
count_output() {
  kubectl -n "$job_namespace" exec "svc/$cluster-rest" -c flink -- bash -c 'cat /data/out/*.done' 2>/dev/null | awk '
    { if (seen[$1, $2]++) twice++
      if ($3 != int($2 / 16) + 1) wrong++
      count[$1]++
      if ($2 > highest[$1]) highest[$1] = $2 }
    END {
      for (s in count) missing += highest[s] + 1 - count[s]
      print NR, missing + 0, twice + 0, wrong + 0 }'
}

nothing_is_missing() {
  read -r numbers missing twice wrong < <(count_output)
  ((twice == 0 && wrong == 0)) || die "of $numbers numbers $twice are there twice, $wrong with a wrong count"
  ((numbers > ${counted:-0} && missing == 0))
}

count_example() {
  title "Counting what the job has committed"
  wait_for 60 "every number of eight sequences is there" nothing_is_missing
  say "$numbers numbers: 0 missing, 0 twice, 0 with a count that does not fit the state"
  counted=$numbers
}
