{{- define "common.configmap" -}}
{{- $top := index . 0 -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ index . 1 }}
  labels: {{ $top.Values.common.labels | toYaml | nindent 4 }}
data:
  {{- toYaml (index . 2) | nindent 2 }}
{{- end }}
