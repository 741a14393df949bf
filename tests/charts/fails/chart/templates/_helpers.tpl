{{- define "fails.check" -}}
{{- if eq .Values.mode "fail" }}
  {{- fail (printf "mode %s is not allowed" .Values.mode) }}
{{- end }}
{{- end }}
