{{/* Names and labels. A name that had to be cut ends with a hash of the whole, so that two of them never meet. */}}

{{- define "carillon.cut" -}}
{{- $name := index . 0 -}}{{- $most := index . 1 | int -}}
{{- if le (len $name) $most -}}{{ $name }}
{{- else -}}{{ printf "%s-%s" ($name | trunc (sub $most 9 | int) | trimSuffix "-") (sha256sum $name | trunc 8) }}
{{- end -}}
{{- end -}}

{{- define "carillon.name" -}}
{{ include "carillon.cut" (list (default .Chart.Name .Values.nameOverride) 40) }}
{{- end -}}

{{/* At most 40 characters: `<fullname>-<what>` is then a name for everything but a CronJob of a long source. */}}
{{- define "carillon.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full := .Values.fullnameOverride | default (ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name)) -}}
{{ include "carillon.cut" (list $full 40) }}
{{- end -}}

{{- define "carillon.selectorLabels" -}}
app.kubernetes.io/name: {{ include "carillon.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels of every object; takes (list $ component), where the component may be empty. */}}
{{- define "carillon.labels" -}}
{{- $root := index . 0 -}}{{- $component := index . 1 -}}
{{- with $root.Values.commonLabels }}{{ toYaml . }}
{{ end -}}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "carillon.selectorLabels" $root }}
app.kubernetes.io/version: {{ $root.Values.image.tag | default $root.Chart.AppVersion | trunc 63 | trimSuffix "-" | trimSuffix "." | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
{{- with $component }}
app.kubernetes.io/component: {{ . }}
{{- end -}}
{{- end -}}

{{/* `metadata` of an object, its labels last; takes (list $ name component annotations). */}}
{{- define "carillon.metadata" -}}
{{- $root := index . 0 -}}
name: {{ index . 1 }}
namespace: {{ $root.Release.Namespace }}
{{- with merge (dict) (index . 3) $root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
labels:
  {{- include "carillon.labels" (list $root (index . 2)) | nindent 2 }}
{{- end -}}

{{- define "carillon.image" -}}
{{- $tag := .Values.image.tag | default .Chart.AppVersion -}}
{{ .Values.image.repository }}{{ if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ $tag }}{{ end }}
{{- end -}}

{{- define "carillon.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}{{ .Values.serviceAccount.name | default (include "carillon.fullname" .) }}
{{- else -}}{{ .Values.serviceAccount.name | default "default" }}
{{- end -}}
{{- end -}}

{{/*
Hook Jobs run before anything else of a release is there, so what they need are hooks too. Those are deleted and made anew with every release: hence
a set of their own, and none that running pods use.
*/}}
{{- define "carillon.hookServiceAccountName" -}}
{{- if .Values.serviceAccount.create -}}{{ include "carillon.fullname" . }}-hooks
{{- else -}}{{ .Values.serviceAccount.name | default "default" }}
{{- end -}}
{{- end -}}

{{/* Annotations of what hook Jobs need: there before them at each of their events, gone after they succeeded. */}}
{{- define "carillon.neededByHooks" -}}
helm.sh/hook: pre-install,pre-upgrade,pre-rollback,post-install,post-upgrade
helm.sh/hook-weight: "-10"
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end -}}

{{- define "carillon.serviceAccountAnnotations" -}}
{{- $annotations := .Values.serviceAccount.annotations -}}
{{- if and .Values.secrets.aws.enabled .Values.secrets.aws.roleArn -}}
{{- $annotations = merge (dict "eks.amazonaws.com/role-arn" .Values.secrets.aws.roleArn) $annotations -}}
{{- end -}}
{{ toYaml $annotations }}
{{- end -}}
