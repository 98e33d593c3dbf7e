# What the benchmarks share: they are Java programs among the test classes. Source it; the directory is the project's then.
# shellcheck shell=bash
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source-path=SCRIPTDIR source=../cluster/lib.sh
source dev/cluster/lib.sh

# start_java CLASS [ARGUMENT]...
start_java() {
  local log
  log=$(mktemp)
  # Two runs: the one that compiles without running tests would leave out the other.
  if ! { mvn -q -B -DskipTests process-test-classes && mvn -q -B dependency:build-classpath -DincludeScope=test -Dmdep.outputFile=target/test-class-path; } >"$log" 2>&1 </dev/null; then
    failed "Maven" "$log"
  fi
  rm "$log"
  exec java -cp "target/test-classes:target/classes:$(<target/test-class-path)" \
    "io.flinkcluster.operator.bench.$1" "${@:2}"
}
