"""How gunicorn runs the web application; `manage.py serve` starts it with this file."""

import os
from typing import Any

from django.conf import settings

from library import processes
from library.audio import children

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sp404site.settings")

bind = (
    f"[{settings.HOST}]:{settings.PORT}"
    if ":" in settings.HOST
    else f"{settings.HOST}:{settings.PORT}"
)
worker_class = "gthread"
workers = settings.WEB_PROCESSES
threads = settings.WEB_THREADS
preload_app = True  # loaded once, shared by the processes
timeout = 60  # a process whose main thread hangs that long is replaced; requests may take longer
graceful_timeout = 5
keepalive = 15
limit_request_line = 8190  # the longest that gunicorn counts: filters and chosen rows add up
accesslog = None
loglevel = "warning"
control_socket_disable = True
forwarded_allow_ips = ""  # Django decides about proxies (PADCRATE_BEHIND_PROXY)


def on_starting(_server: Any) -> None:
    """End with the supervisor, if one started this."""
    processes.die_with_supervisor()


def post_fork(server: Any, _worker: Any) -> None:
    """End with the parent: an orphan would keep the port."""
    children.die_with(server.pid)
