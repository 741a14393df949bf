{{/* Helpers. */}}
{{- define "define.hello" -}}
hello {{ .Values.name }}
{{- end -}}

{{ define "define.labels" }}
{{- range $k, $v := . }}
{{ $k }}: {{ $v | quote }}
{{- end }}
{{ end }}

{{ define "define.nested" -}}
[{{ template "define.hello" . }}]{{ block "define.block" .Values }}block {{ .name }}{{ end }}
{{- end }}
{{- define "define.args" }}{{ index . 0 }}={{ (index . 1).Values.name }}{{ end }}
{{- define "define.twice" }}first{{ end }}
{{- define "define.empty" }}{{ end }}
{{- define "define.template" }}{{ .Template.Name }} {{ .Template.BasePath }}{{ end }}
{{- define "define.recursive" }}{{ . }}{{ if gt . 0 }} {{ include "define.recursive" (sub . 1 | int) }}{{ end }}{{ end }}
