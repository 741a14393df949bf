"""A worker whose builds do not see its password."""

import os
import sys

from buildbot_worker.bot import Worker
from twisted.application.service import Application
from twisted.python.log import FileLogObserver, ILogObserver

application = Application("buildbot-worker")
application.setComponent(ILogObserver, FileLogObserver(sys.stdout).emit)
worker = Worker(
    os.environ.pop("BUILDMASTER"),
    int(os.environ.pop("BUILDMASTER_PORT", "9989")),
    os.environ.pop("WORKERNAME"),
    os.environ.pop("WORKERPASS"),
    os.getcwd(),
    60,
    allow_shutdown="signal",
)
worker.setServiceParent(application)
