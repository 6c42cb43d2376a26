{{/*
What values.schema.json cannot say: values that do not go together. Each sentence says what to do. The schema has been asked before; what only a
cluster can tell, such as whether a Secret is there, is told by the hook Jobs.
*/}}
{{- define "carillon.validate" -}}
{{- $problems := list -}}
{{- $external := .Values.secrets.externalSecret -}}

{{- if and (eq .Values.image.tag "latest") (not .Values.image.digest) -}}
{{- $problems = append $problems "image.tag is latest: nobody could say later what ran, nor go back to it. Name a version, or leave it empty for the chart's own." -}}
{{- end -}}

{{- range $field, $is := dict "database" .Values.database "queue" .Values.queue -}}
{{- $externally := and $external.enabled (hasKey $external.data (printf "%s-url" $field)) -}}
{{- if regexMatch "://[^/@]*:[^/@]*@" $is.url -}}
{{- $problems = append $problems (printf "%s.url holds a password, and values are kept with the release and in Git: put the whole URL into a Secret and name it with %s.existingSecret." $field $field) -}}
{{- end -}}
{{- $ways := list -}}
{{- if $is.url -}}{{- $ways = append $ways (printf "%s.url" $field) -}}{{- end -}}
{{- if $is.existingSecret -}}{{- $ways = append $ways (printf "%s.existingSecret" $field) -}}{{- end -}}
{{- if $externally -}}{{- $ways = append $ways (printf "secrets.externalSecret.data.%s-url" $field) -}}{{- end -}}
{{- if gt (len $ways) 1 -}}
{{- $problems = append $problems (printf "%s both say where the %s is: keep one of them." (join " and " $ways) $field) -}}
{{- end -}}
{{- if and (eq $field "database") (eq (len $ways) 0) -}}
{{- $problems = append $problems "Carillon needs a Postgres: name a Secret that has its URL with database.existingSecret, or the URL itself with database.url where it has no password." -}}
{{- end -}}
{{- end -}}

{{- $places := list -}}
{{- if .Values.secrets.existingSecret -}}{{- $places = append $places "secrets.existingSecret" -}}{{- end -}}
{{- if $external.enabled -}}{{- $places = append $places "secrets.externalSecret" -}}{{- end -}}
{{- if gt (len $places) 1 -}}
{{- $problems = append $problems "secrets.existingSecret and secrets.externalSecret are both mounted in one place: keep one of them." -}}
{{- end -}}
{{- if $external.enabled -}}
{{- if not $external.secretStoreRef.name -}}{{- $problems = append $problems "secrets.externalSecret.enabled: name the store with secrets.externalSecret.secretStoreRef.name." -}}{{- end -}}
{{- if not $external.data -}}{{- $problems = append $problems "secrets.externalSecret.enabled: say in secrets.externalSecret.data which secrets there are, such as clockify-api-key: { key: carillon/clockify }." -}}{{- end -}}
{{- end -}}
{{- if .Values.secrets.aws.enabled -}}
{{- if not .Values.secrets.aws.region -}}{{- $problems = append $problems "secrets.aws.enabled: name the region with secrets.aws.region, such as eu-central-1." -}}{{- end -}}
{{- else if .Values.secrets.aws.roleArn -}}
{{- $problems = append $problems "secrets.aws.roleArn is set and secrets.aws.enabled is not: set it to true." -}}
{{- end -}}
{{- if and .Values.secrets.aws.roleArn (not .Values.serviceAccount.create) -}}
{{- $problems = append $problems "secrets.aws.roleArn is an annotation of ServiceAccounts, and serviceAccount.create is false: annotate yours, and leave roleArn empty." -}}
{{- end -}}

{{- if not .Values.secrets.aws.enabled -}}
{{- $given := printf "%s%s" (toJson .Values.extraEnv) (toJson .Values.extraEnvFrom) -}}
{{- range $secret, $who := (include "carillon.named" . | fromJson).secrets -}}
{{- $variable := printf "CARILLON_SECRET_%s" ($secret | upper | replace "-" "_") -}}
{{- if and (not (contains $variable $given)) (not $.Values.extraEnvFrom) -}}
{{- if and $external.enabled (not (hasKey $external.data $secret)) -}}
{{- $problems = append $problems (printf "%s needs the secret %s: say where it is with secrets.externalSecret.data.%s." $who $secret $secret) -}}
{{- else if not $places -}}
{{- $problems = append $problems (printf "%s needs the secret %s: name a Secret that has it with secrets.existingSecret, or turn on secrets.externalSecret or secrets.aws." $who $secret) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- range $role := list "collector" "rules" "notifier" -}}
{{- $values := get $.Values $role -}}
{{- $scaling := $values.autoscaling -}}
{{- if and $values.enabled $scaling.enabled -}}
{{- if gt ($scaling.minReplicas | int) ($scaling.maxReplicas | int) -}}
{{- $problems = append $problems (printf "%s.autoscaling: minReplicas is %v and maxReplicas %v: the least is more than the most." $role $scaling.minReplicas $scaling.maxReplicas) -}}
{{- end -}}
{{- if and (eq $scaling.kind "keda") (not $.Values.keda.prometheusAddress) -}}
{{- $problems = append $problems (printf "%s.autoscaling.kind is keda: say with keda.prometheusAddress whom KEDA asks, such as http://prometheus-operated.monitoring:9090." $role) -}}
{{- end -}}
{{- if not (include "carillon.queues" (list $ $role) | fromJsonArray) -}}
{{- $problems = append $problems (printf "%s.autoscaling.enabled: without documents there is no queue to go by; turn it off, or give sources and channels." $role) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- if and .Values.gateway.enabled (not (or (include "carillon.hasSecretFiles" .) .Values.secrets.aws.enabled .Values.extraEnv .Values.extraEnvFrom .Values.gateway.extraEnv)) -}}
{{- $problems = append $problems "gateway.enabled: it answers nobody without a token; give the secret gateway-token in secrets.existingSecret, secrets.externalSecret.data or secrets.aws." -}}
{{- end -}}

{{- if and .Values.gateway.enabled .Values.secrets.externalSecret.enabled (not (hasKey .Values.secrets.externalSecret.data "gateway-token")) -}}
{{- $problems = append $problems "gateway.enabled: it answers nobody without a token; say where it is with secrets.externalSecret.data.gateway-token." -}}
{{- end -}}

{{- if and .Values.metrics.prometheusRule.enabled (not .Values.metrics.prometheusRule.runbookUrl) -}}
{{- $problems = append $problems "metrics.prometheusRule.enabled: say with metrics.prometheusRule.runbookUrl where whoever is woken finds docs/runbook.md." -}}
{{- end -}}

{{- $managed := list "DATABASE_URL" "DATABASE_URL_FILE" "QUEUE_URL" "QUEUE_URL_FILE" "PORT" "LOG_LEVEL" "CARILLON_SECRETS_DIR" "CARILLON_SECRETS_AWS" "CARILLON_CRONJOB_GRACE" "OTEL_EXPORTER_OTLP_ENDPOINT" "OTEL_METRICS_EXPORTER" -}}
{{- range $owner := list "" "collector" "rules" "notifier" "gateway" "cronJobs" "migrate" "apply" -}}
{{- range (ternary (get $.Values $owner) $.Values (ne $owner "")).extraEnv -}}
{{- if has .name $managed -}}
{{- $problems = append $problems (printf "%s names %s, which has a value of its own: database, queue, logLevel, secrets, cronJobs, metrics or otlp." (trimPrefix "." (printf "%s.extraEnv" $owner)) .name) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- $size := include "carillon.documents" . | len -}}
{{- if gt $size 1000000 -}}
{{- $problems = append $problems (printf "The documents have %d bytes, and a ConfigMap holds a million: apply them from where they are, with `carillon apply`, and set apply.enabled to false." $size) -}}
{{- end -}}

{{- with $problems -}}
{{- fail (printf "\n\n- %s\n\nNothing was installed or changed." (join "\n- " .)) -}}
{{- end -}}
{{- end -}}
