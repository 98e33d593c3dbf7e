# The table of ./verify: what took how long. Sourced by it.
# shellcheck shell=bash

begin_times() {
  times=$(mktemp -d)
  touch "$times/begin"
  begin_time other
}

# begin_time PART: ends the part before.
begin_time() { echo "$EPOCHREALTIME $1" >>"$times/parts"; }

# time_maven COMMAND...: runs it, and takes the parts from what Maven says that it begins.
time_maven() {
  local line
  begin_time other
  "$@" | while IFS= read -r line || [[ -n $line ]]; do
    printf '%s\n' "$line"
    case $line in
      '[INFO] --- '*':test (default-test)'*) begin_time unit ;;
      '[INFO] --- '*':integration-test (default)'*) begin_time api-server ;;
      '[INFO] --- '*':integration-test (end-to-end)'*) begin_time end-to-end ;;
      '[INFO] --- '*) begin_time other ;;
      '[ERROR] '*'Could not transfer artifact'*) [[ -e $times/unreachable ]] || echo "$line" >"$times/unreachable" ;;
    esac
  done || { [[ ! -e $times/unreachable ]] || failed "Maven" "$times/unreachable"; return 1; }
}

# The classes of this run: "PART SECONDS CLASS". A test's own classes inside it are counted as it. Where classes run side by
# side, they add up to more than their part took.
class_times() {
  find target/surefire-reports target/failsafe-reports -name 'TEST-*.xml' -newer "$times/begin" -exec \
    grep -h -m 1 -o '<testsuite .*' {} + 2>/dev/null | awk '
    {
      match($0, / name="[^"]*"/); class = substr($0, RSTART + 7, RLENGTH - 8)
      match($0, / time="[^"]*"/); seconds = substr($0, RSTART + 7, RLENGTH - 8)
      gsub(",", "", seconds); sub(/\$.*/, "", class)
      part = class ~ /\.e2e\./ ? "end-to-end" : class ~ /IT$/ ? "api-server" : "unit"
      sub(/.*\./, "", class)
      sum[part " " class] += seconds
    }
    END {for (key in sum) {split(key, word, " "); printf "%s %.1f %s\n", word[1], sum[key], word[2]}}' | sort -k2,2nr
}

print_times() {
  begin_time end
  class_times >"$times/classes" || true # there are none where it ended before
  echo
  awk '
    function row(name, seconds) {printf "%-52s %4d:%02d\n", name, int((seconds + 0.5) / 60), int(seconds + 0.5) % 60}
    function part(key, name,  i, rest) {
      if (!(key in spent) || key == "end-to-end" && spent[key] < 1) return # skipped
      row(name, spent[key])
      rest = spent[key]
      for (i = 1; i <= classes; i++) if (of[i] == key) {
        rest -= took[i]
        if (key != "unit" && took[i] >= 1) row("    " class[i], took[i])
      }
      if (key == "end-to-end" && rest >= 1) row("    their cluster: start, image of the operator, end", rest)
    }
    FILENAME ~ /classes$/ {classes++; of[classes] = $1; took[classes] = $2; class[classes] = $3; next}
    {
      if (FNR > 1) spent[now] += $1 - since; else first = $1
      since = $1; now = $2
    }
    END {
      printf "%-52s %7s\n", "What took how long", "min:s"
      part("programs", "programs")
      part("images", "images")
      part("unit", "unit tests")
      part("api-server", "tests on an API server")
      part("end-to-end", "end-to-end tests")
      part("other", "packages, compilation, checks")
      row("total", since - first)
    }' "$times/classes" "$times/parts"
  rm -r "$times"
}
