# Part of start.sh and released.sh: from which snapshot a job begins. Replaces the restore point among the arguments where a newer one
# is found, and ends the process where that cannot be told, or where the job has run before.

# Prints a line "NUMBER PATH" for each completed snapshot in a directory, and before them "-1 DIRECTORY" where there
# is anything. Checkpoints and savepoints of one job are numbered in one line, and _metadata is there only when one is
# complete; the number of a savepoint follows a magic number and a version in it.
snapshots_in() {
  local directory=$1 listing name metadata number of path
  if [[ $directory != /* ]]; then
    while IFS=$'\t' read -r of number path; do
      [[ $of != "$directory" ]] || printf '%s %s\n' "$number" "$path"
    done <<< "$on_s3"
    return
  fi
  if ! listing=$(LC_ALL=C ls -- "$directory" 2>&1); then
    [[ $listing == *": No such file or directory" ]] && return
    fail 1 "the newest checkpoint cannot be looked for in $directory: $listing. Flink is not started, since it could
begin from an older one. Give the user $(id -u) of this pod the right to read the volume, and see that it is healthy"
  fi
  printf -- '-1 %s\n' "$directory"
  while read -r name; do
    metadata=$directory/$name/_metadata
    [[ -f $metadata ]] || continue
    if [[ $name =~ ^chk-([0-9]{1,18})$ ]]; then
      number=$((10#${BASH_REMATCH[1]}))
    elif [[ $name == savepoint-* ]]; then
      number=$(od -An -j8 -N8 -t u8 --endian=big "$metadata" | tr -d ' ')
      [[ $number =~ ^[0-9]{1,18}$ ]] || fail 1 "$metadata tells no number of its savepoint: it is damaged, and whether
it is newer than the checkpoints of its job cannot be told. Flink is not started; restore the file, or remove the
savepoint if it is not to be used"
    else
      continue
    fi
    printf '%s %s\n' "$number" "file:$directory/$name"
  done <<< "$listing"
}

# Sets $job to the id of the job that wrote a snapshot, or as many of its first digits as are known.
job_of() {
  job=
  if [[ $1 =~ /([^/]+)/chk-[0-9]+/*$ || $1 =~ /savepoint-([^-/]+)-[^/]*/*$ ]]; then
    job=${BASH_REMATCH[1]}
  fi
}

same_job() {
  [[ -n $1 && -n $2 && ($1 == "$2"* || $2 == "$1"*) ]]
}

# Sets $plain to a path without its scheme and slashes around it, which are spelt in several ways.
plain() {
  [[ $1 =~ ^([a-z][a-z0-9+.-]*:)?/*(.*[^/])/*$ ]] && plain=${BASH_REMATCH[2]}
}

# A job whose JobManager was lost may have completed a snapshot that nobody saw, and with it committed
# what it wrote: an older one would write that again.
arguments=("$@")
known=
known_number=-1
for ((i = 0; i + 1 < $#; i++)); do
  [[ ${arguments[i]} != -- ]] || break
  [[ ${arguments[i]} == --fromSavepoint ]] || continue
  known=$((i + 1))
  break
done
plain "${known:+${arguments[known]}}" && known_plain=$plain || known_plain=
[[ ! $known_plain =~ /chk-([0-9]{1,18})$ ]] || known_number=$((10#${BASH_REMATCH[1]}))

on_s3=
if [[ -n "${FLINKCLUSTER_SNAPSHOTS_FILE:-}" ]]; then
  on_s3=$(cat "$FLINKCLUSTER_SNAPSHOTS_FILE") || fail 75 "the init container flinkcluster-fetch has not looked for
the newest checkpoint since Flink was started in this pod. The operator starts a new JobManager"
  # A second start would need another look. With high availability that is not left to the look.
  [[ -z "${FLINKCLUSTER_START_MARK_DIR:-}" ]] || rm "$FLINKCLUSTER_SNAPSHOTS_FILE" \
    || fail 1 "cannot remove $FLINKCLUSTER_SNAPSHOTS_FILE. $unmarked"
fi

newest=
newest_number=-1
newest_job=
while read -r directory; do
  [[ -n $directory ]] || continue
  listed=$(snapshots_in "$directory") || exit 1
  while read -r number path; do
    [[ -n $number ]] || continue
    [[ $directory != "${FLINKCLUSTER_OWN_DIRECTORY:-}" ]] || fail 75 "this job has already run: $directory is there.
It is not started a second time, since it would begin from an older state; the operator starts a new JobManager from the
newest checkpoint"
    ((number >= 0)) || continue
    plain "$path" && [[ $plain == "$known_plain" ]] && known_number=$number
    job_of "$path"
    # What comes later in the list is older, except for what the same job wrote.
    if [[ -z $newest ]] || { same_job "$job" "$newest_job" && ((number > newest_number)); }; then
      newest=$path
      newest_number=$number
      newest_job=$job
    fi
  done <<< "$listed"
done <<< "${FLINKCLUSTER_SNAPSHOT_DIRECTORIES:-}"

if [[ -n $newest && -n $known ]]; then
  job_of "${arguments[known]}"
  if same_job "$job" "$newest_job"; then
    ((known_number >= 0)) || fail 1 "the number of ${arguments[known]} cannot be read, and so it cannot be told
whether $newest is newer. Flink is not started; see that the savepoint is there, or name the one to begin from in
job.initialSavepoint of a new resource"
    ((newest_number > known_number)) || newest=
  fi
fi
if [[ -n $newest ]]; then
  echo "flinkcluster: $newest is newer than the restore point that was known; starting from it"
  if [[ -n $known ]]; then
    arguments[known]=$newest
  else
    arguments=(--fromSavepoint "$newest" "${arguments[@]}")
  fi
fi
set -- ${arguments[@]+"${arguments[@]}"}
