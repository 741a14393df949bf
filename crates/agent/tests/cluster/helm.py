"""Does one thing with the real Helm SDK: a JSON request as the argument, a JSON answer on stdout.

{"kubeconfig": PATH, "namespace": "…", "do": "list" | "history" | "status" | "install" | "upgrade" | "rollback" | "uninstall",
 "name": "…", "chart": PATH, "values": {…}, "version": N}
"""

import json
import sys

import helm_python as helm


def main():
    request = json.loads(sys.argv[1])
    name, values = request.get("name"), request.get("values", {})
    with helm.Config(kubeconfig_path=request["kubeconfig"], namespace=request["namespace"]) as config:
        match request["do"]:
            case "list":
                answer = config.list(all_states=True)
            case "history":
                answer = config.history(name)
            case "status":
                answer = config.status(name)
            case "install":
                answer = config.install(request["chart"], name, values, namespace=request["namespace"])
            case "upgrade":
                answer = config.upgrade(request["chart"], name, values, namespace=request["namespace"])
            case "rollback":
                answer = config.rollback(name, version=request["version"])
            case "uninstall":
                answer = config.uninstall(name)
        print(json.dumps(answer, default=lambda other: getattr(other, "__dict__", str(other))))


main()
