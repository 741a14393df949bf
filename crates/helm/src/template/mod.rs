//! Go's text/template: <https://pkg.go.dev/text/template>.
