{{/* What is told to `carillon apply`: a map from file names to texts, as JSON. Texts of documents pass as they are; none is ever a template. */}}
{{- define "carillon.documents" -}}
{{- $files := dict -}}
{{- range $kind, $documents := dict "Source" .Values.sources "Channel" .Values.channels -}}
{{- range $name, $fields := $documents -}}
{{- $file := printf "%s-%s.yaml" (lower $kind) $name -}}
{{- if hasKey $.Values.documents $file -}}
{{- fail (printf "\n\ndocuments has a file %s, which is also what %ss.%s is written to. Give the file another name." $file (lower $kind) $name) -}}
{{- end -}}
{{- $_ := set $files $file (printf "kind: %s\nname: %s\n%s\n" $kind $name (toYaml $fields)) -}}
{{- end -}}
{{- end -}}
{{- range $file, $text := .Values.documents -}}
{{- $_ := set $files $file $text -}}
{{- end -}}
{{ toJson $files }}
{{- end -}}

{{/* What the documents name, wherever they are written, as JSON: { sources: { name: its schedule }, channels: { name: true }, secrets: { name: who needs it } }. */}}
{{- define "carillon.named" -}}
{{- $sources := dict -}}{{- $channels := dict -}}{{- $secrets := dict -}}
{{- range $file, $text := include "carillon.documents" . | fromJson -}}
{{- range $part := regexSplit "(?m)^---(?:[ \\t].*)?$" $text -1 -}}
{{- /* Of the others nothing has to be known here, and `carillon check` judges them all. */ -}}
{{- $document := ternary (fromYaml $part) (dict) (regexMatch "kind\"?:\\s*[\"']?(Source|Channel)\\b" $part) -}}
{{- if and (hasKey $document "Error") (not (hasKey $document "kind")) -}}
{{- fail (printf "\n\ndocuments: the file %s cannot be read: %s. `carillon check` says where." $file $document.Error) -}}
{{- end -}}
{{- $name := toString $document.name -}}
{{- if and (eq (toString $document.kind) "Source") (hasKey $sources $name) -}}
{{- fail (printf "\n\nThere are two documents of the source %s, one of them in %s. Take one away." $name $file) -}}
{{- end -}}
{{- if eq (toString $document.kind) "Source" -}}{{- $_ := set $sources $name ($document.schedule | default (dict)) -}}{{- end -}}
{{- if eq (toString $document.kind) "Channel" -}}{{- $_ := set $channels $name true -}}{{- end -}}
{{- range $reference := regexFindAll "\\{\"secret\":\"[a-z0-9-]+\"\\}" (toJson $document.settings) -1 -}}
{{- $_ := set $secrets ($reference | fromJson).secret (printf "the %s %s" (lower $document.kind) $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{ dict "sources" $sources "channels" $channels "secrets" $secrets | toJson }}
{{- end -}}

{{/* The CronJobs, by the name of their source, as JSON: those of sources that have a schedule. */}}
{{- define "carillon.cronJobs" -}}
{{- $sources := (include "carillon.named" . | fromJson).sources -}}
{{- range $name, $_ := .Values.cronJobs.sources -}}
{{- if not (hasKey $sources $name) -}}
{{- fail (printf "\n\ncronJobs.sources.%s: there is no source of that name; there are: %s." $name (keys $sources | sortAlpha | join ", " | default "none")) -}}
{{- end -}}
{{- end -}}
{{- $jobs := dict -}}
{{- range $name, $schedule := $sources -}}
{{- $own := get $.Values.cronJobs.sources $name | default (dict) -}}
{{- $cron := $own.schedule | default $schedule.cron -}}
{{- if and $cron (ne (toString $own.enabled) "false") -}}
{{- if ne (len (regexSplit "\\s+" (trim $cron) -1)) 5 -}}
{{- fail (printf "\n\nThe source %s is read at `%s`, which has not five fields: minute, hour, day of the month, month, day of the week." $name $cron) -}}
{{- end -}}
{{- if regexMatch "(^|[\\s,])(\\d*L|L?W|\\d+W|[^\\s,]*#\\d+)([\\s,]|$)" $cron -}}
{{- fail (printf "\n\nThe source %s is read at `%s`, and CronJobs of Kubernetes know neither L, W nor #. Name another schedule in cronJobs.sources.%s.schedule, or leave it to the collector with cronJobs.sources.%s.enabled: false." $name $cron $name $name) -}}
{{- end -}}
{{- $_ := set $jobs $name (dict "cron" $cron "timeZone" ($own.timeZone | default $schedule.timezone | default "Etc/UTC") "own" $own) -}}
{{- end -}}
{{- end -}}
{{ toJson $jobs }}
{{- end -}}

{{/* The queues that a role works on, as JSON: one for each source and channel. Takes (list $ role). */}}
{{- define "carillon.queues" -}}
{{- $named := include "carillon.named" (index . 0) | fromJson -}}
{{- $queues := list -}}
{{- if eq (index . 1) "rules" -}}{{- $queues = list "evaluate" -}}
{{- else if eq (index . 1) "notifier" -}}{{- range $name, $_ := $named.channels -}}{{- $queues = append $queues (printf "deliver.%s" $name) -}}{{- end -}}
{{- else -}}{{- range $name, $_ := merge $named.sources $named.channels -}}{{- $queues = append $queues (printf "collect.%s" $name) -}}{{- end -}}
{{- end -}}
{{ toJson $queues }}
{{- end -}}
