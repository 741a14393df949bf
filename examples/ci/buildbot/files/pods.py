"""Workers that are pods: one a build, in the team's namespace. What its quota leaves no room for waits and says so."""

from buildbot.interfaces import LatentWorkerFailedToSubstantiate
from buildbot.util import asyncSleep
from buildbot.util.kubeclientservice import KubeInClusterConfigLoader
from buildbot.worker.kubernetes import KubeError, KubeJsonError, KubeLatentWorker
from buildbot.worker.latent import States
from twisted.internet import defer
from twisted.python import log

# Between two tries for a place in the quota.
RETRY_SECONDS = 3
# A build whose pod got a place must attach in this time: its image may have to be pulled.
ATTACH_SECONDS = 600


class Token(KubeInClusterConfigLoader):
    """The pod's own account. Its token is renewed on disk, so it is read each time; the cluster's CA is trusted by
    SSL_CERT_FILE, since Buildbot's client cannot be given one."""

    def reconfigService(self):
        super().reconfigService()
        del self.config["verify"], self.config["headers"]

    def getAuthorization(self):
        with open(self.kube_token_file, encoding="utf-8") as file:
            return defer.succeed(f"Bearer {file.read().strip()}")


class PodWorker(KubeLatentWorker):
    def checkConfig(self, name, team=None, host=None, **kwargs):
        super().checkConfig(name, masterFQDN=host, missing_timeout=ATTACH_SECONDS, **kwargs)

    @defer.inlineCallbacks
    def reconfigService(self, name, team=None, host=None, **kwargs):
        self.team = team
        yield super().reconfigService(
            name,
            image=team["image"],
            namespace=team["namespace"],
            masterFQDN=host,
            missing_timeout=ATTACH_SECONDS,
            max_builds=1,
            **kwargs,
        )

    @defer.inlineCallbacks
    def getPodSpec(self, build):
        pod = yield super().getPodSpec(build)
        pod["metadata"]["labels"] = {"app.kubernetes.io/name": "buildbot-worker", "nagaya.dev/team": self.team["name"]}
        resources = {"cpu": self.team["cpu"], "memory": self.team["memory"]}
        pod["spec"] |= {
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "terminationGracePeriodSeconds": 5,
            "securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "runAsGroup": 1000, "fsGroup": 1000},
            "volumes": [{"name": "work", "emptyDir": {}}],
        }
        pod["spec"]["containers"][0] |= {
            "command": ["nagaya-ci-worker"],
            "resources": {"requests": resources, "limits": resources},
            "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
            "volumeMounts": [{"name": "work", "mountPath": "/work"}],
        }
        return pod

    @defer.inlineCallbacks
    def start_instance(self, build):
        try:
            yield self.stop_instance(reportFailure=False)
            pod = yield self.renderWorkerPropsOnStart(build)
            waited = False
            # As long as nobody stopped the build meanwhile.
            while self.state == States.SUBSTANTIATING_STARTING:
                try:
                    yield self._create_pod(self._namespace, pod)
                    if waited:
                        self.unpause()
                    return True
                except KubeJsonError as error:
                    if error.code != 403 or "exceeded quota" not in str(error):
                        raise
                    waited = True
                    yield self.tell(build, str(error))
                yield asyncSleep(RETRY_SECONDS, reactor=self.master.reactor)
            if waited:
                self.unpause()
            return False
        except KubeError as error:
            raise LatentWorkerFailedToSubstantiate(str(error)) from error

    @defer.inlineCallbacks
    def tell(self, build, why):
        """Says on the build, on its first step and on the worker why it waits; waiting is no failure to attach."""
        why = f"waits for a place in the team's quota: {why}"
        if self._pause_reason != why:
            log.msg(f"{self.name} {why}")
            self.pause(why)
        updates = self.master.data.updates
        yield updates.setStepStateString(build._preparation_step.stepid, why)
        yield updates.setBuildStateString(build.buildid, why)
        self.stopMissingTimer()
        self.startMissingTimer()
