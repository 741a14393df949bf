{{- define "one.name" }}parent wins {{ .Chart.Name }}{{ end }}
