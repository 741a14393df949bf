//! A large chart: 150 templates of everyday kinds, each through helpers, as the largest public charts have them.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

const HELPERS: &str = r#"
{{- define "big.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- define "big.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}{{ .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}{{ end }}
{{- end }}
{{- end }}
{{- define "big.selector" -}}
app.kubernetes.io/name: {{ include "big.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
{{- define "big.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "big.selector" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- define "big.value" -}}
{{- if typeIs "string" .value }}{{ tpl .value .context }}{{ else }}{{ tpl (.value | toYaml) .context }}{{ end }}
{{- end }}
"#;

const PART: &str = r#"{{- $part := index .Values.parts "PART" }}
{{- if $part.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "big.fullname" . }}-PART
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "big.labels" . | nindent 4 }}
    app.kubernetes.io/component: PART
spec:
  replicas: {{ $part.replicas | default 1 | int }}
  selector:
    matchLabels:
      {{- include "big.selector" . | nindent 6 }}
  template:
    metadata:
      annotations:
        checksum/values: {{ toYaml $part | sha256sum }}
        {{- range $key, $value := $part.annotations }}
        {{ $key }}: {{ $value | quote }}
        {{- end }}
      labels:
        {{- include "big.labels" . | nindent 8 }}
    spec:
      serviceAccountName: {{ include "big.fullname" . }}-PART
      containers:
        {{- range $i, $container := $part.containers }}
        - name: {{ $container.name }}
          image: "{{ $container.image.repository }}:{{ $container.image.tag | default $.Chart.AppVersion }}"
          imagePullPolicy: {{ $container.image.pullPolicy | default "IfNotPresent" }}
          args:
            {{- range $container.args }}
            - {{ include "big.value" (dict "value" . "context" $) | quote }}
            {{- end }}
          env:
            {{- range $name, $value := merge (dict "INDEX" $i) $container.env $.Values.commonEnv }}
            - name: {{ $name }}
              value: {{ $value | toString | quote }}
            {{- end }}
          {{- with $container.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with $container.probes }}
          livenessProbe:
            {{- toYaml .live | nindent 12 }}
          readinessProbe:
            {{- toYaml .ready | nindent 12 }}
          {{- end }}
        {{- end }}
      {{- with $part.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "big.fullname" . }}-PART
  labels:
    {{- include "big.labels" . | nindent 4 }}
spec:
  selector:
    {{- include "big.selector" . | nindent 4 }}
  ports:
    {{- range $part.ports }}
    - name: {{ .name }}
      port: {{ .port }}
      targetPort: {{ .targetPort | default .port }}
    {{- end }}
{{- end }}
"#;

const VALUES: &str = r#"  PART:
    enabled: true
    replicas: 2
    annotations: {prometheus.io/scrape: "true", prometheus.io/port: "9090", example.com/owner: team}
    ports:
      - {name: http, port: 80, targetPort: 8080}
      - {name: metrics, port: 9090}
    containers:
      - name: main
        image: {repository: registry.example.com/group/PART, tag: ""}
        args: ["--name={{ .Release.Name }}", "--level={{ .Values.level }}", "--port=8080"]
        env: {MODE: production, WORKERS: 4, CACHE: "true"}
        resources: {limits: {cpu: "1", memory: 512Mi}, requests: {cpu: 100m, memory: 128Mi}}
        probes:
          live: {httpGet: {path: /live, port: 8080}, periodSeconds: 10}
          ready: {httpGet: {path: /ready, port: 8080}, periodSeconds: 5, failureThreshold: 3}
      - name: proxy
        image: {repository: registry.example.com/group/proxy, tag: v1.2.3, pullPolicy: Always}
        args: ["--upstream=127.0.0.1:8080"]
        env: {LOG: info}
        resources: {limits: {memory: 64Mi}}
    affinity:
      podAntiAffinity:
        preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 100
            podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: PART}}}
"#;

/// Writes it below `folder`.
pub(super) fn chart(folder: &Path) -> PathBuf {
    let chart = folder.join("big");
    write(&chart).unwrap_or_else(|error| panic!("no chart in {}: {error}", chart.display()));
    chart
}

fn write(chart: &Path) -> std::io::Result<()> {
    let templates = chart.join("templates");
    fs::create_dir_all(&templates)?;
    fs::write(chart.join("Chart.yaml"), "apiVersion: v2\nname: big\nversion: 1.0.0\nappVersion: \"2.0\"\n")?;
    fs::write(templates.join("_helpers.tpl"), HELPERS)?;
    let mut values =
        "level: info\ncommonLabels: {team: java}\ncommonEnv: {ZONE: a, REGION: b}\nparts:\n".to_owned();
    for number in 0..150 {
        let part = format!("part-{number:03}");
        let _ = write!(values, "{}", VALUES.replace("PART", &part));
        fs::write(templates.join(format!("{part}.yaml")), PART.replace("PART", &part))?;
    }
    fs::write(chart.join("values.yaml"), values)
}
