{{- define "define.order" }}from deep{{ end }}
{{- define "define.deep" }}deep{{ end }}
