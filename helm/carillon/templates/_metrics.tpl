{{/* Matchers of a query: those of the release, and one's own; takes (list $ matcher). */}}
{{- define "carillon.matchers" -}}
{{- $matchers := list (index . 1) -}}
{{- range $label, $value := (index . 0).Values.metrics.matchLabels -}}
{{- $matchers = append $matchers (printf "%s=%s" $label (toJson $value)) -}}
{{- end -}}
{{ compact $matchers | join "," }}
{{- end -}}
