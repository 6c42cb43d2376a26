{{- define "carillon.notes" -}}
{{- $name := include "carillon.fullname" . -}}
{{- $named := include "carillon.named" . | fromJson -}}
{{- $documents := include "carillon.documents" . | fromJson -}}
{{- $role := "" -}}
{{- range list "rules" "collector" "notifier" -}}{{- if and (not $role) (get $.Values .).enabled -}}{{- $role = . -}}{{- end -}}{{- end -}}
Carillon {{ .Values.image.tag | default .Chart.AppVersion }} is {{ ternary "upgraded" "installed" .Release.IsUpgrade }} as {{ .Release.Name }} in {{ .Release.Namespace }}.
{{ if not $documents }}
There are no documents yet, so it reads nothing and says nothing. Next: give it some in `sources`, `channels` and `documents` (docs/kubernetes.md), then

  helm upgrade {{ .Release.Name }} <chart> --namespace {{ .Release.Namespace }} --values <your values>
{{ else if $role }}
Next: ask every vendor whether credentials, scopes and plan suffice. It changes nothing and says nothing to anybody.

  kubectl --namespace {{ .Release.Namespace }} exec deploy/{{ $name }}-{{ $role }} -- carillon doctor

Then see what would be said before it is said:

  kubectl --namespace {{ .Release.Namespace }} exec deploy/{{ $name }}-{{ $role }} -- carillon preview <rule> --over lastMonth
{{ else }}
None of collector, rules and notifier is enabled: nothing is said before one of each runs somewhere.
{{ end }}
Sources: {{ keys $named.sources | sortAlpha | join ", " | default "none" }}. Channels: {{ keys $named.channels | sortAlpha | join ", " | default "none" }}.
{{- if .Values.cronJobs.enabled }}
CronJobs: kubectl --namespace {{ .Release.Namespace }} get cronjobs --selector app.kubernetes.io/instance={{ .Release.Name }}
{{- end }}
What the hook Jobs said: kubectl --namespace {{ .Release.Namespace }} logs job/{{ $name }}-migrate --all-containers (and job/{{ $name }}-apply)
Before it is rolled back: docs/kubernetes.md, "Rollback".
{{- end -}}
