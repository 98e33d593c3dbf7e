# In a cluster that was there before ./demo: what it looks at first, and what it removes. Sourced by it.
# shellcheck shell=bash disable=SC2154 # what ./demo sets

# The demo keeps to the cluster that it began with, whatever the user's current context is later.
copy_kubeconfig() {
  local new=$home/kubeconfig.new
  (umask 077 && "$kubectl_program" config view --raw --minify --flatten ${context:+--context "$context"} >"$new")
  if [[ -e $home/kubeconfig && $(grep ' server: ' "$home/kubeconfig") != $(grep ' server: ' "$new") ]]; then
    rm -f "$new"
    die "the demo runs on another cluster; end it first: env -u KUBECONFIG ./demo down"
  fi
  if ! answers "$new"; then
    rm -f "$new"
    die "the cluster ${context:-of ${KUBECONFIG:-your kubeconfig}} does not answer"
  fi
  mv "$new" "$home/kubeconfig"
}

# Nothing that was there before may be changed, and later be removed, by the demo.
claim_cluster() {
  local there
  [[ ! -e $home/made ]] || return 0
  there=$(find_others) || refuse_cluster "cannot see what is installed there; the demo needs the rights of an administrator"
  [[ -z $there ]] || refuse_cluster "it is in use, the demo leaves it alone: "$'\n'"$there"
  there=$(kubectl get crd "$crd" --ignore-not-found -o name) || refuse_cluster "cannot see its resource definitions"
  [[ -z $there ]] || touch "$home/crd-was-there"
}

# Operators by their releases and their Deployments, and what bears the names that the demo takes.
find_others() {
  helm list --all-namespaces --all -o json \
    | jq -r '.[] | select(.chart | startswith("flinkcluster-operator-")) | "  release \(.name) in namespace \(.namespace)"' || return
  kubectl get deployments --all-namespaces -l app.kubernetes.io/part-of=flinkcluster-operator,app.kubernetes.io/component=operator \
    -o 'jsonpath={range .items[*]}  Deployment {.metadata.name} in namespace {.metadata.namespace}{"\n"}{end}' || return
  kubectl get namespace "$namespace" "$job_namespace" --ignore-not-found \
    -o 'jsonpath={range .items[*]}  namespace {.metadata.name}{"\n"}{end}'
}

refuse_cluster() {
  rm -rf "$home"
  die "$@"
}

# Removes what the demo made in a cluster that was there before. Done again it goes on where it stopped.
leave_cluster() {
  local failed='' log=$home/down.log
  if [[ ! -e $home/made ]]; then
    say "the demo made nothing in $(kubectl config current-context)"
    return
  fi
  step "removing the example and the operator from $(kubectl config current-context)"
  : >"$log"
  attempt() { "$@" >>"$log" 2>&1 || failed=yes; }
  if kubectl get crd "$crd" >/dev/null 2>&1; then
    attempt kubectl -n "$job_namespace" delete flinkclusters --all --timeout 120s
  fi
  # Without the operator nobody would lift the finalizer of a FlinkCluster that is left.
  if [[ -z $failed ]]; then
    attempt helm uninstall "$release" --namespace "$namespace" --ignore-not-found --wait
    attempt kubectl delete namespace "$job_namespace" "$namespace" --ignore-not-found --timeout 180s
  fi
  if [[ -n $failed ]]; then
    say
    cat "$log" >&2
    die "not everything could be removed; try again: ./demo down"
  fi
  done_step ""
  remove_definition
}

# It takes every FlinkCluster with it, so only one that the demo brought and that nobody uses goes.
remove_definition() {
  local used
  [[ ! -e $home/crd-was-there ]] || return 0
  if used=$(kubectl get flinkclusters --all-namespaces -o name 2>/dev/null) && [[ -z $used ]]; then
    kubectl delete crd "$crd" --ignore-not-found >/dev/null || say "the resource definition $crd is left"
  elif [[ -n $used ]]; then
    say "The resource definition $crd stays: there are FlinkClusters that are not the demo's"
  fi
}
