{{- define "buildbot.name" -}}
{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "buildbot.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "buildbot.labels" -}}
{{ include "buildbot.selector" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "buildbot.teams" -}}
{{- $teams := list }}
{{- range $name, $team := .Values.teams }}
{{- $resources := $team.resources | default dict }}
{{- $teams = append $teams (dict
      "name" $name
      "namespace" $team.namespace
      "workers" ($team.workers | default 4 | int)
      "image" ($team.image | default $.Values.image)
      "command" ($team.command | default "./build.sh")
      "cpu" ($resources.cpu | default "500m")
      "memory" ($resources.memory | default "512Mi")) }}
{{- end }}
{{- $teams | toPrettyJson }}
{{- end }}
