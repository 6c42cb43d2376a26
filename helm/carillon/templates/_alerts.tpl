{{/*
Every alert, with a section of its own in docs/runbook.md. Only what somebody can do something about, and nothing that is mended by itself within the
time. Takes (dict own and dueSeconds staleSeconds): the release's matchers, alone and after others, and what is too long.
*/}}
{{- define "carillon.alerts" -}}
- alert: CarillonRowsWait
  expr: max by (carillon_queue) (carillon_due_oldest_age_seconds{ {{- .own -}} }) > {{ .dueSeconds }}
  for: 5m
  severity: warning
  summary: '{{ "{{ $labels.carillon_queue }}: what is due has waited for {{ $value | humanizeDuration }}" }}'
- alert: CarillonBooksUnbalanced
  expr: max by (carillon_book) (carillon_books_unaccounted{ {{- .own -}} }) != 0
  severity: critical
  summary: '{{ "{{ $value }} of a {{ $labels.carillon_book }} are accounted for by nothing: a bug" }}'
- alert: CarillonSourceNotRead
  expr: sum by (carillon_source) (increase(carillon_pulls_total{carillon_outcome!="complete" {{- .and -}} }[1h])) >= 3 unless sum by (carillon_source) (increase(carillon_pulls_total{carillon_outcome="complete" {{- .and -}} }[1h])) > 0
  for: 5m
  severity: warning
  summary: '{{ "The source {{ $labels.carillon_source }} could not be read for an hour" }}'
- alert: CarillonSourceStale
  expr: max by (carillon_source) (carillon_source_age_seconds{ {{- .own -}} }) > {{ .staleSeconds }}
  for: 15m
  severity: warning
  summary: '{{ "The facts of {{ $labels.carillon_source }} are {{ $value | humanizeDuration }} old" }}'
- alert: CarillonDeliveriesFail
  expr: sum by (carillon_channel) (increase(carillon_deliveries_total{carillon_state="failed" {{- .and -}} }[15m])) > 0
  severity: warning
  summary: '{{ "Deliveries to {{ $labels.carillon_channel }} failed for good" }}'
- alert: CarillonCredentialsRefused
  expr: sum by (carillon_system) (increase(carillon_remote_calls_seconds_count{carillon_result="unauthorized" {{- .and -}} }[15m])) > 0
  severity: critical
  summary: '{{ "{{ $labels.carillon_system }} refuses our credentials" }}'
- alert: CarillonVendorFails
  expr: sum by (carillon_system) (rate(carillon_remote_calls_seconds_count{carillon_result=~"unavailable|timeout|unreadable" {{- .and -}} }[15m])) > 0.5 * sum by (carillon_system) (rate(carillon_remote_calls_seconds_count{ {{- .own -}} }[15m]))
  for: 15m
  severity: warning
  summary: '{{ "More than half of the calls to {{ $labels.carillon_system }} fail" }}'
- alert: CarillonQueueUnreachable
  expr: sum(increase(carillon_rings_total{carillon_outcome="lost" {{- .and -}} }[5m])) > 0
  for: 10m
  severity: warning
  summary: The queue cannot be reached; the sweep does the work, later than it could be
- alert: CarillonJobsFail
  expr: sum by (carillon_queue) (increase(carillon_jobs_seconds_count{carillon_outcome="failed" {{- .and -}} }[15m])) > 5
  for: 15m
  severity: warning
  summary: '{{ "Jobs of {{ $labels.carillon_queue }} fail again and again" }}'
- alert: CarillonConfigurationNotLoaded
  expr: sum(increase(carillon_configuration_loads_total{carillon_outcome="failed" {{- .and -}} }[10m])) > 0
  for: 10m
  severity: warning
  summary: The configuration cannot be read; what was read before is still worked by
- alert: CarillonConfigurationsDiffer
  expr: count(count by (carillon_configuration_hash) (carillon_configuration_info{ {{- .own -}} })) > 1
  for: 10m
  severity: warning
  summary: Replicas work by different configurations
- alert: CarillonNotSeen
  expr: absent(carillon_due_oldest_age_seconds{ {{- .own -}} })
  for: 10m
  severity: critical
  summary: No process tells how long what is due has waited, so none of the other alerts can be relied on
{{- end -}}
