"""Renders charts by the real Helm SDK: a JSON request a line on stdin, a JSON answer a line on stdout.

{"do": "capabilities"} -> {"kube": "v1.36.0", "apis": ["v1", …], "helm": {…}, "sdk": "v4.2.3"}
{"do": "defaults", "chart": PATH} -> {"values": {…}}: the chart's values with its subcharts'
{"do": "yaml", "text": TEXT} -> {"values": {…}}: what Helm reads from a values file
{"do": "render", "chart": PATH, "values": {…}, "name": "…", "namespace": "…"} ->
    {"manifest": "…", "notes": "…", "files": {TEMPLATE: TEXT}, "crds": [{"name": "…", "data": "…"}, …]}
{"do": "bench", "chart": PATH, "values": {…}, "times": N} -> {"whole": [seconds, …], "again": [seconds, …], "peakKiB": N}
Whatever Helm rejects is answered with {"error": "…"}.
"""

import json
import os
import sys
import tempfile
import time

import helm_python as helm

PROBE = """{"kube": {{ .Capabilities.KubeVersion.Version | toJson }}, "apis": {{ .Capabilities.APIVersions | toJson }},
"helm": {{ .Capabilities.HelmVersion | toJson }}}"""


def capabilities():
    """What the SDK takes for the cluster when there is none, as a template sees it."""
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/templates")
        with open(f"{folder}/Chart.yaml", "w") as file:
            file.write("apiVersion: v2\nname: probe\nversion: 0.1.0\n")
        with open(f"{folder}/templates/probe.yaml", "w") as file:
            file.write(PROBE)
        with helm.Chart.load(folder) as chart:
            answer = json.loads(chart.render({})["probe/templates/probe.yaml"])
    answer["sdk"] = helm.helm_sdk_version()
    return answer


def answer(request):
    match request["do"]:
        case "capabilities":
            return capabilities()
        case "defaults":
            with helm.Chart.load(request["chart"]) as chart:
                return {"values": chart.merge_values({})}
        case "yaml":
            return {"values": helm.values_from_yaml(request["text"])}
        case "render":
            return render(request)
        case "bench":
            return bench(request)
    raise ValueError(f"unknown request {request['do']}")


def render(request):
    values, name, namespace = request["values"], request["name"], request["namespace"]
    # A chart and a configuration of its own: installing takes out of the loaded chart what the values turn off, and
    # takes the name in the configuration, be it for show.
    with (
        helm.Chart.load(request["chart"]) as chart,
        helm.Config(storage_driver="memory", namespace=namespace, kubeconfig_path="/nonexistent") as config,
    ):
        crds = chart.crds
        release = config.install(chart, name, values, namespace=namespace, dry_run="client")
        return {
            "manifest": release.get("manifest", ""),
            "notes": release.get("notes", ""),
            "files": chart.render(values, name=name, namespace=namespace),
            "crds": crds,
        }


def bench(request):
    """Seconds of each of `times` turns: of load + parse + render, and of rendering again what is loaded.

    The library hands its texts to Python as JSON, which is none of Helm's work: what that takes is measured, and taken
    off.
    """
    whole, again, values = [], [], request["values"]
    for _ in range(request["times"]):
        start = time.perf_counter()
        with helm.Chart.load(request["chart"]) as chart:
            chart.render(values, name="bench", namespace="bench")
            first = time.perf_counter() - start
            start = time.perf_counter()
            files = chart.render(values, name="bench", namespace="bench")
            second = time.perf_counter() - start
        start = time.perf_counter()
        json.loads(json.dumps(files))
        handed = time.perf_counter() - start
        whole.append(first - handed)
        again.append(second - handed)
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    return {"whole": whole, "again": again, "peakKiB": peak}


def main():
    # The library must not find a cluster by itself.
    os.environ["KUBECONFIG"] = "/nonexistent"
    for line in sys.stdin:
        try:
            said = answer(json.loads(line))
        except helm.HelmError as error:
            said = {"error": str(error)}
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
