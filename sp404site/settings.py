"""All settings in one file; every knob is an environment variable with a safe default.

The table of variables is in docs/settings.md; a test compares it with this file.
"""

import os
from pathlib import Path
from tempfile import mkstemp
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str = "") -> str:
    """Return the environment variable PADCRATE_<name>, or the default when it is blank."""
    return os.environ.get(f"PADCRATE_{name}", "").strip() or default


def env_bool(name: str, *, default: bool = False) -> bool:
    """Return True for 1, true, yes or on."""
    return env(name, str(default)).lower() in {"1", "true", "yes", "on"}


def env_int(name: str, default: int | str) -> int:
    """Return a whole number; underscores and spaces group digits."""
    text = env(name, str(default))
    try:
        return int(text.replace(" ", ""))
    except ValueError:
        raise SystemExit(f"PADCRATE_{name} must be a whole number, not {text!r}.") from None


def env_list(name: str, default: str = "", separator: str = ",") -> list[str]:
    """Return the non-empty parts of a separated list."""
    return [part.strip() for part in env(name, default).split(separator) if part.strip()]


# ── Machine: numeric libraries must not start threads of their own; set before numpy is loaded ──
for _library in ("OMP", "OPENBLAS", "NUMBA"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

# ── Where things lie ────────────────────────────────────────────────────────
DATA_DIR = Path(env("DATA", str(BASE_DIR / "data"))).expanduser().resolve()
MEDIA_ROOT = DATA_DIR / "media"
RUN_DIR = DATA_DIR / "run"  # secret key, lock of the running instance
TMP_DIR = MEDIA_ROOT / "tmp"  # on the media file system, so that a rename is atomic
try:
    for folder in (MEDIA_ROOT, RUN_DIR, TMP_DIR):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
except OSError as reason:
    raise SystemExit(
        f"Padcrate cannot make its data folder {DATA_DIR} ({reason.strerror}). "
        "Choose another one with PADCRATE_DATA."
    ) from None

# ── Local or network ────────────────────────────────────────────────────────
# `manage.py serve --host` sets PADCRATE_HOST for its children. On a loopback address the one
# local user needs no password; on any other address a login is required (library/access.py).
HOST = env("HOST", "127.0.0.1")
PORT = env_int("PORT", os.environ.get("PORT", "").strip() or 8000)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
LOCAL_MODE = HOST in LOOPBACK
LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS") or (LOCAL_HOSTS if LOCAL_MODE else [])
CSRF_TRUSTED_ORIGINS = env_list("TRUSTED_ORIGINS")

WEB_PROCESSES = env_int("WEB_PROCESSES", min(2, os.cpu_count() or 1))
WEB_THREADS = env_int("WEB_THREADS", 8)  # requests at the same time, in each process
# Calls of the API that wait for an export (Prefer: wait) hold a thread; the rest is for pages.
API_WAITERS = WEB_THREADS // 4

DEBUG = env_bool("DEBUG")


def secret_key() -> str:
    """Return the key from the environment, else the one made at the first start (mode 0600)."""
    if key := env("SECRET_KEY"):
        return key
    path = RUN_DIR / "secret-key"
    if not path.exists():
        handle, name = mkstemp(dir=RUN_DIR)  # mode 0600; a full disk leaves no half key
        with os.fdopen(handle, "w") as file:
            file.write(get_random_secret_key())
        Path(name).rename(path)
    return path.read_text()


SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")

# ── Applications ────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "library",
    "kits",
    "exports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "sp404site.apps.StaticFiles",
    "django.contrib.humanize",
    "django_htmx",
    "template_partials",
    "django_q",
    "ninja",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "library.access.LinkMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "sp404site.urls"
WSGI_APPLICATION = "sp404site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "library.context.frame",
                "kits.context.bench",
                "exports.context.lamp",
            ],
            "builtins": ["library.templatetags.units", "library.templatetags.pictures"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# ── Database ────────────────────────────────────────────────────────────────
SQLITE_SYNCHRONOUS = env("SQLITE_SYNCHRONOUS", "FULL")


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for `postgres://user:password@host:port/name`, or SQLite when blank.

    IMMEDIATE is what keeps web and workers from "database is locked"; WAL lets readers go on.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "padcrate.sqlite3",
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    f"PRAGMA journal_mode=WAL;PRAGMA synchronous={SQLITE_SYNCHRONOUS};"
                    "PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=27103364;"
                    "PRAGMA cache_size=-20000;"
                ),
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": database(env("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── Queue: a message only wakes a worker, rows are the truth (docs/architecture.md) ──
WORKERS = env_int("WORKERS", min(4, os.cpu_count() or 1))  # measured: one more gains nothing
GENERATION_SECONDS = env_int("GENERATION_SECONDS", 90)  # a model may take this long for one sound
# Seconds; a woken worker works SLICE_SECONDS, then wakes the next.
TASK_TIMEOUT = max(120, GENERATION_SECONDS + 30)
QUEUE_RETRY = TASK_TIMEOUT + 180  # then a message that nobody acknowledged comes back
SLICE_SECONDS = env_int("SLICE_SECONDS", 20)
LEASE_SECONDS = 15  # renewed every 5 s by a thread of the worker
CHUNK_JOBS = env_int("CHUNK_JOBS", 16)  # small sounds claimed together: 8 cost more, 32 as much
ITEM_SECONDS = env_int("ITEM_SECONDS", 60)  # one item may take this long before it is given up
MAX_ATTEMPTS = 5  # claims that ended with a dead worker
REAPER_SECONDS = env_int("REAPER_SECONDS", 10)
# Address space of a worker: a hostile file ends in MemoryError. A model that makes sounds needs
# more, and what it may have more it may also keep before a fresh process takes over. 0: no limit.
WORKER_MB = env_int("WORKER_MB", 4096)
USUAL_RSS = 250_000  # kB; measured: 120 000 at most, and no growth
Q_CLUSTER = {
    "name": "padcrate",
    "workers": WORKERS,
    "timeout": TASK_TIMEOUT,
    "retry": QUEUE_RETRY,
    "queue_limit": 1,
    "bulk": 1,
    "max_attempts": 5,
    "ack_failures": True,
    "save_limit": -1,
    "catch_up": False,
    "poll": 0.1,
    "guard_cycle": 0.5,
    "recycle": 200,
    "max_rss": USUAL_RSS + 1000 * max(0, WORKER_MB - 4096) if WORKER_MB else None,
    "log_level": "WARNING",
    **({"redis": env("REDIS_URL")} if env("REDIS_URL") else {"orm": "default"}),
}

# ── Files ───────────────────────────────────────────────────────────────────
MEDIA_URL = "/media/"  # never served: files leave only through views that check the owner
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "library.storage.DurableStorage"},
    "generations": {"BACKEND": "library.storage.GenerationStorage"},
    "staticfiles": {"BACKEND": "library.storage.ModuleStaticStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_TEMP_DIR = TMP_DIR
FILE_UPLOAD_HANDLERS = ["library.uploads.BoundedUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 1000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
MAX_FILE_BYTES = env_int("MAX_FILE_BYTES", 500 * 10**6)
MAX_PACK_BYTES = env_int("MAX_PACK_BYTES", 2 * 10**9)
FOLDERS = [  # folders of this machine that staff may export to and import from; none by default
    Path(folder).expanduser().resolve() for folder in env_list("FOLDERS", separator=os.pathsep)
]
WATCH_SECONDS = env_int("WATCH_SECONDS", 60)  # how often watched folders are looked through
# Classes that make sounds from words; the first is the default.
GENERATION_ENGINES = env_list("GENERATION_ENGINES", "library.engines.synthesiser.Synthesiser")
MUSICGEN_MODEL = env("MUSICGEN_MODEL", "facebook/musicgen-small")  # or a folder with one
LONGEST_GENERATION = env_int("LONGEST_GENERATION", 30)  # seconds of sound
RESERVE_BYTES = env_int("RESERVE_BYTES", 512 * 10**6)  # less free than this counts as full
QUOTA_BYTES = env_int("QUOTA_BYTES", 0)  # of originals and converted files, each person; 0: none
# Links to finished exports; without a network in reach there is nobody to hand them to.
SHARING = env_bool("SHARING", default=not LOCAL_MODE)

# ── People and safety ───────────────────────────────────────────────────────
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "front-door" if LOCAL_MODE else "login"  # where strangers are sent
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "login.html"
AXES_VERBOSE = False
# A browser that used the local link stays signed in; on the network for two weeks.
SESSION_COOKIE_AGE = (365 if LOCAL_MODE else 14) * 24 * 3600
SESSION_COOKIE_NAME = f"padcrate_{PORT}"  # cookies ignore ports: two instances must not fight
CSRF_COOKIE_NAME = f"padcrate_csrf_{PORT}"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

HTTPS = env_bool("HTTPS")  # behind TLS: secure cookies, redirect, HSTS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$"]  # monitors ask without TLS
SECURE_HSTS_SECONDS = env_int("HSTS_SECONDS", 365 * 24 * 3600) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if env_bool("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# ── Words, numbers, time ────────────────────────────────────────────────────
LANGUAGE_CODE = "en"
TIME_ZONE = env("TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = False

# ── Log: to standard error, one line each; no server path reaches a page ────
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        name: {"level": env("LOG_LEVEL", "INFO")}
        for name in ("library", "kits", "exports", "sp404site")
    },
}
