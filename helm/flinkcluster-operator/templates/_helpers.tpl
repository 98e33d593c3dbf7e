{{- define "flinkcluster-operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* At most 52 characters, so that every suffix of ours still fits a label; it names a Service, too. */}}
{{- define "flinkcluster-operator.fullname" -}}
{{- $name := include "flinkcluster-operator.fullnameUnchecked" . -}}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" $name) -}}
{{- fail (printf "the objects would be named %q after the release %q, which the API server refuses for a Service: set fullnameOverride to lower case letters, digits and '-', beginning with a letter" $name .Release.Name) -}}
{{- end -}}
{{- $name -}}
{{- end -}}

{{- define "flinkcluster-operator.fullnameUnchecked" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "flinkcluster-operator.name" . -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "flinkcluster-operator.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "flinkcluster-operator.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- required "serviceAccount.name must be given where serviceAccount.create is false" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* Never change: a Deployment's selector is immutable. */}}
{{- define "flinkcluster-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "flinkcluster-operator.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "flinkcluster-operator.labels" -}}
{{ include "flinkcluster-operator.selectorLabels" . }}
app.kubernetes.io/component: operator
app.kubernetes.io/part-of: flinkcluster-operator
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Its argument is the weight. */}}
{{- define "flinkcluster-operator.uninstallHook" -}}
helm.sh/hook: pre-delete
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end -}}

{{- define "flinkcluster-operator.image" -}}
{{- with .Values.image -}}
{{- if .registry }}{{ trimSuffix "/" .registry }}/{{ end -}}
{{- .repository -}}
{{- if .digest }}@{{ .digest }}{{ else }}:{{ default $.Chart.AppVersion .tag }}{{ end -}}
{{- end -}}
{{- end -}}

{{/*
What the operator may do where FlinkClusters are served: these verbs and no others.
No right on secrets, none to run commands in pods, to delete in bulk or to change rights.
*/}}
{{- define "flinkcluster-operator.rules" -}}
# The resource itself. patch: the finalizer.
- apiGroups: [flinkcluster.io]
  resources: [flinkclusters]
  verbs: [get, list, watch, patch]
- apiGroups: [flinkcluster.io]
  resources: [flinkclusters/status]
  verbs: [patch]
# The objects of a cluster. create and patch: server-side apply, also as a dry run.
- apiGroups: [apps]
  resources: [deployments]
  verbs: [get, list, watch, create, patch, delete]
# A JobManager is gone for good when nothing is left that could make one.
- apiGroups: [apps]
  resources: [replicasets]
  verbs: [list]
- apiGroups: [""]
  resources: [configmaps, services]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [ingresses, networkpolicies]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
# Pods are made and removed by their Deployments. patch lifts the scheduling gate of a JobManager's pod: that pod may
# run at most once, so the operator lets it go only after it is sure that no older one is left. It also writes annotations:
# which pod goes first, and that one keeps its node while an operation is under way. create and delete are for
# the one pod that removes from storage what high availability left there, when a cluster is deleted.
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, create, patch, delete]
# Written for people; read to say why a pod is stuck.
- apiGroups: [""]
  resources: [events]
  verbs: [list, create]
{{- end -}}
