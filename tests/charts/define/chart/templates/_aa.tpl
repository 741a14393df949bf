{{- define "define.order" }}from aa{{ end }}
