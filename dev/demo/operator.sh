# The operator's image and its release. Sourced by ./demo.
# shellcheck shell=bash disable=SC2154,SC2317 # what ./demo sets

sources_key() {
  (cd "$here" && find pom.xml src/main "src/test/java/$job_classes" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12)
}

# Builds the operator's image into a tar, and the example's jar, unless the sources are those of the tar that is there.
# In the background: it takes as long as the cluster's start, and its output goes to a file.
start_operator_image() {
  tag=$version-$(sources_key)
  operator_tar=$cache/images/flinkcluster-operator-$mode.tar
  job_jar=$cache/images/exactly-once-$mode.jar
  if [[ -n $registry ]]; then
    goal=(jib:build "-Dimage.name=$registry/flinkcluster-operator:$tag")
  else
    goal=(jib:buildTar "-Dimage.name=flinkcluster-operator:$tag")
    [[ $mode == local ]] && goal+=("-Djib.from.image=tar://$cache/images/base.tar")
  fi
  [[ -z ${FLINKCLUSTER_BASE_IMAGE:-} ]] || goal+=("-Djib.from.image=$FLINKCLUSTER_BASE_IMAGE")
  build=
  if [[ $(cat "$operator_tar.tag" 2>/dev/null) != "$registry$tag" ]]; then
    mkdir -p "$cache/images"
    (cd "$here" && exec mvn -B -DskipTests package "${goal[@]}") >"$cache/images/.operator.log" 2>&1 &
    build=$!
    # A demo that is interrupted takes the build with it.
    trap '[[ -z $build ]] || kill "$build" 2>/dev/null || true' EXIT
  fi
}

finish_operator_image() {
  [[ -n $build ]] || return 0
  step "the operator's image, by Maven and Jib"
  if ! wait "$build"; then
    build=
    failed "the build of the operator" "$cache/images/.operator.log"
  fi
  build=
  [[ -n $registry ]] || mv "$here/target/jib-image.tar" "$operator_tar"
  jar --create --file "$job_jar" -C "$here/target/test-classes" "$job_classes"
  echo "$registry$tag" >"$operator_tar.tag"
  done_step ""
}

load_images() {
  local cluster_name
  title "Images"
  [[ $mode != local ]] || "$here/dev/cluster/cluster" load "$cache/images/flink-2.3.tar"
  finish_operator_image
  cluster_name=$(kubectl config current-context)
  case $mode:$registry:$cluster_name in
    local:*) "$here/dev/cluster/cluster" load "$operator_tar" ;;
    docker:*) docker exec -i "$container" ctr -n k8s.io images import - <"$operator_tar" >&2 ;;
    existing:?*:*) ;; # it is in the registry
    existing::kind-*) kind load image-archive "$operator_tar" --name "${cluster_name#kind-}" ;;
    existing::k3d-*) k3d image import "$operator_tar" --cluster "${cluster_name#k3d-}" ;;
    existing::minikube) minikube image load "$operator_tar" ;;
    *) die "how does an image get into the cluster $cluster_name? Give a registry that it pulls from: ./demo --registry ..." ;;
  esac
}

install_operator() {
  local options=()
  title "The operator, by its Helm chart"
  if [[ $mode == existing ]]; then
    touch "$home/made"
    options+=(--set "watchNamespaces={$job_namespace}") # FlinkClusters of others are none of the demo's business
    [[ ! -e $home/crd-was-there ]] || options+=(--set crds.install=false)
  fi
  kubectl create namespace "$job_namespace" --dry-run=client -o yaml | kubectl apply -f - >/dev/null
  step "helm upgrade --install"
  helm upgrade --install "$release" "$here/helm/flinkcluster-operator" --namespace "$namespace" --create-namespace \
    --set "fullnameOverride=$release" ${options[@]+"${options[@]}"} ${registry:+--set "image.registry=$registry"} --set "image.tag=$tag" >"$home/helm.log" 2>&1 \
    || failed "the installation of the chart" "$home/helm.log"
  done_step ""
  operator_is_ready() { kubectl -n "$namespace" rollout status "deployment/$release" --timeout 1s >/dev/null 2>&1; }
  wait_for 90 "the operator is ready" operator_is_ready
}
