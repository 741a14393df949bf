{{- define "twice" }}first{{ end }}
{{- define "twice" }}second{{ end }}
