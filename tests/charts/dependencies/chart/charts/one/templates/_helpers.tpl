{{- define "one.name" }}child {{ .Chart.Name }}{{ end }}
{{- define "one.only" }}only {{ .Chart.Name }} {{ .Values.colour }}{{ end }}
