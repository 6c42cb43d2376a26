{{/* The Secret that an ExternalSecret makes; takes (list $ forHooks). */}}
{{- define "carillon.externalSecretName" -}}
{{ include "carillon.fullname" (index . 0) }}-{{ ternary "hook-secrets" "secrets" (index . 1) }}
{{- end -}}

{{/* The Secret that has the URL of `database` or `queue`, as JSON with name and key, or nothing; takes (dict root key forHooks). */}}
{{- define "carillon.urlSecret" -}}
{{- $external := .root.Values.secrets.externalSecret -}}
{{- $values := get .root.Values .key -}}
{{- $secretKey := printf "%s-url" .key -}}
{{- if $values.existingSecret -}}
{{ dict "name" $values.existingSecret "key" $values.existingSecretKey | toJson }}
{{- else if and (not $values.url) $external.enabled (hasKey $external.data $secretKey) -}}
{{ dict "name" (include "carillon.externalSecretName" (list .root .forHooks)) "key" $secretKey | toJson }}
{{- end -}}
{{- end -}}

{{/* DATABASE_URL or QUEUE_URL, or the file that a Secret is mounted as: passwords are in no environment. Takes (dict root key variable forHooks). */}}
{{- define "carillon.urlEnv" -}}
{{- with get (get .root.Values .key) "url" }}
- name: {{ $.variable }}
  value: {{ . | quote }}
{{- else }}
{{- if include "carillon.urlSecret" . }}
- name: {{ .variable }}_FILE
  value: /run/secrets/{{ .key }}/url
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
One container of the image; takes (dict root name args resources extraEnv forHooks documents service).
`documents`: it sees the documents. `service`: it stays up, logs and answers health.
*/}}
{{- define "carillon.container" -}}
{{- $root := .root -}}{{- $values := .root.Values -}}
name: {{ .name }}
image: {{ include "carillon.image" $root | quote }}
imagePullPolicy: {{ $values.image.pullPolicy }}
args: {{ toJson .args }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  capabilities: { drop: [ALL] }
  seccompProfile: { type: RuntimeDefault }
env:
  {{- range $key, $variable := dict "database" "DATABASE_URL" "queue" "QUEUE_URL" }}
  {{- with include "carillon.urlEnv" (dict "root" $root "key" $key "variable" $variable "forHooks" $.forHooks) | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- end }}
  {{- if include "carillon.hasSecretFiles" $root }}
  - name: CARILLON_SECRETS_DIR
    value: /run/secrets/carillon
  {{- end }}
  {{- with $values.secrets.aws }}
  {{- if .enabled }}
  - name: CARILLON_SECRETS_AWS
    value: {{ printf "%s/%s" .region .prefix | quote }}
  {{- end }}
  {{- end }}
  {{- if .service }}
  - name: PORT
    value: "8080"
  - name: LOG_LEVEL
    value: {{ $values.logLevel }}
  {{- end }}
  {{- if and (eq .name "collector") $values.cronJobs.enabled }}
  - name: CARILLON_CRONJOB_GRACE
    value: {{ $values.cronJobs.graceSeconds | int64 | quote }}
  {{- end }}
  {{- with $values.otlp.endpoint }}
  - name: OTEL_EXPORTER_OTLP_ENDPOINT
    value: {{ . | quote }}
  {{- end }}
  {{- if and .service $values.otlp.endpoint $values.metrics.serviceMonitor.enabled }}
  # By one way, or every sum would be twice what it is. Pods of Jobs are gone before anybody scrapes them: they keep the other.
  - name: OTEL_METRICS_EXPORTER
    value: prometheus
  {{- end }}
  {{- with concat $values.extraEnv .extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with $values.extraEnvFrom }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if .service }}
ports:
  - name: http
    containerPort: 8080
startupProbe:
  httpGet: { path: /healthz, port: http }
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: { path: /healthz, port: http }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  # Its checks of Postgres and the queue give up after three seconds.
  httpGet: { path: /readyz, port: http }
  periodSeconds: 10
  timeoutSeconds: 5
{{- end }}
resources:
  {{- toYaml .resources | nindent 2 }}
{{- with include "carillon.volumeMounts" . }}
volumeMounts:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "carillon.hasSecretFiles" -}}
{{- if or .Values.secrets.existingSecret .Values.secrets.externalSecret.enabled }}yes{{ end -}}
{{- end -}}

{{- define "carillon.volumeMounts" -}}
{{- $mounts := list -}}
{{- if include "carillon.hasSecretFiles" .root -}}
{{- $mounts = append $mounts (dict "name" "secrets" "mountPath" "/run/secrets/carillon" "readOnly" true) -}}
{{- end -}}
{{- range $key := list "database" "queue" -}}
{{- if include "carillon.urlSecret" (dict "root" $.root "key" $key "forHooks" $.forHooks) -}}
{{- $mounts = append $mounts (dict "name" (printf "%s-url" $key) "mountPath" (printf "/run/secrets/%s" $key) "readOnly" true) -}}
{{- end -}}
{{- end -}}
{{- if .documents -}}
{{- $mounts = append $mounts (dict "name" "documents" "mountPath" "/documents" "readOnly" true) -}}
{{- end -}}
{{- with concat $mounts .root.Values.extraVolumeMounts -}}{{ toYaml . }}{{- end -}}
{{- end -}}

{{- define "carillon.volumes" -}}
{{- $values := .root.Values -}}{{- $volumes := list -}}
{{- if include "carillon.hasSecretFiles" .root -}}
{{- $secret := dict "secretName" $values.secrets.existingSecret -}}
{{- if $values.secrets.externalSecret.enabled -}}
{{- $items := list -}}
{{- range $name, $_ := $values.secrets.externalSecret.data -}}
{{- if not (has $name (list "database-url" "queue-url")) -}}{{- $items = append $items (dict "key" $name "path" $name) -}}{{- end -}}
{{- end -}}
{{- $secret = dict "secretName" (include "carillon.externalSecretName" (list .root .forHooks)) "items" $items -}}
{{- end -}}
{{- $volumes = append $volumes (dict "name" "secrets" "secret" $secret) -}}
{{- end -}}
{{- range $key := list "database" "queue" -}}
{{- with include "carillon.urlSecret" (dict "root" $.root "key" $key "forHooks" $.forHooks) -}}
{{- $from := fromJson . -}}
{{- $items := list (dict "key" $from.key "path" "url") -}}
{{- $volumes = append $volumes (dict "name" (printf "%s-url" $key) "secret" (dict "secretName" $from.name "items" $items)) -}}
{{- end -}}
{{- end -}}
{{- if .documents -}}
{{- $volumes = append $volumes (dict "name" "documents" "configMap" (dict "name" (printf "%s-documents" (include "carillon.fullname" .root)))) -}}
{{- end -}}
{{- with concat $volumes $values.extraVolumes -}}{{ toYaml . }}{{- end -}}
{{- end -}}

{{/*
A pod template: `metadata` and `spec`. Takes (dict root component podAnnotations restartPolicy forHooks documents containers initContainers service grace spread),
containers as lists of what `carillon.container` takes.
*/}}
{{- define "carillon.podTemplate" -}}
{{- $pod := . -}}{{- $values := .root.Values -}}
metadata:
  labels:
    {{- with $values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- include "carillon.labels" (list .root .component) | nindent 4 }}
    {{- with .podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with merge (dict) .podAnnotations $values.podAnnotations $values.commonAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ if .forHooks }}{{ include "carillon.hookServiceAccountName" .root }}{{ else }}{{ include "carillon.serviceAccountName" .root }}{{ end }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- with $values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    seccompProfile: { type: RuntimeDefault }
    {{- with $values.podSecurityContext }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .restartPolicy }}
  restartPolicy: {{ . }}
  {{- end }}
  {{- with .grace }}
  terminationGracePeriodSeconds: {{ . | int64 }}
  {{- end }}
  {{- with $values.priorityClassName }}
  priorityClassName: {{ . | quote }}
  {{- end }}
  {{- with $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .spread }}
  topologySpreadConstraints:
    {{- . | nindent 4 }}
  {{- end }}
  {{- with .initContainers }}
  initContainers:
    {{- range . }}
    - {{- include "carillon.container" (merge . (pick $pod "root" "forHooks" "documents" "service")) | nindent 6 }}
    {{- end }}
  {{- end }}
  containers:
    {{- range .containers }}
    - {{- include "carillon.container" (merge . (pick $pod "root" "forHooks" "documents" "service")) | nindent 6 }}
    {{- end }}
  {{- with include "carillon.volumes" . }}
  volumes:
    {{- . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* Exit code 2 means that configuration is wrong: trying again changes nothing. */}}
{{- define "carillon.podFailurePolicy" -}}
podFailurePolicy:
  rules:
    - action: FailJob
      onExitCodes: { operator: In, values: [2] }
    # A node that goes away is no failure of ours.
    - action: Ignore
      onPodConditions: [{ type: DisruptionTarget, status: "True" }]
{{- end -}}
