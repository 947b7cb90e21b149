"""How gunicorn serves the portal, here and in production. Read by gunicorn from the folder it is started in."""

import gc
import os
from typing import Any

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 30
graceful_timeout = 15
keepalive = 5
max_requests = 20_000  # a worker that slowly grows is replaced, not all at the same moment
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112 - heartbeat only
control_socket_disable = True
accesslog = os.environ.get("ACCESS_LOG") or None
access_log_format = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'  # no query: it may hold a search or a place
errorlog = "-"


def post_worker_init(_worker: Any) -> None:
    """What start-up built stays for ever: the collector need not walk it, and looks at the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
