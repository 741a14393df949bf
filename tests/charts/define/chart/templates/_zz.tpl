{{- define "define.order" }}from zz{{ end }}
