"""One settings file; the environment decides. Every variable read is listed in docs/operations.md."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from guanxi.config import embedded, env

BASE_DIR = env.CHECKOUT
HOME = env.home()
PACKAGE = Path(__file__).resolve().parents[1]
SECRETS = embedded.secrets(HOME)

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY") or SECRETS["secret_key"]
DATA_KEY = env.text("DATA_KEY") or SECRETS["data_key"]  # seals identity numbers; lost with it, they are lost
PUBLIC_URL = env.text("PUBLIC_URL").rstrip("/")  # what customers are sent leads there
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
HTTPS = env.flag("HTTPS")
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)
DEMO = env.flag("DEMO", default=True)

CAPABILITIES = (
    "foundation", "records", "network", "codelists", "access", "worklist", "knowledge", "intake", "customers",
    "privacy", "vehicles", "messaging", "rectification", "workshop", "verification", "contact_centre", "care",
    "complaints", "rescue", "campaigns", "crisis", "insight", "workbench",
)  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    *(f"guanxi.{name}" for name in CAPABILITIES),
    "guanxi.config",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "guanxi.config.proxies.client_address",
    "guanxi.config.middleware.headers",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "guanxi.config.middleware.identify",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "guanxi.config.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "guanxi.config.middleware.act",
]
CSRF_FAILURE_VIEW = "guanxi.config.errors.csrf_failure"
ROOT_URLCONF = "guanxi.config.urls"
ASGI_APPLICATION = "guanxi.config.asgi.application"
APPEND_SLASH = True
TEMPLATES: list[dict[str, Any]] = [
    {
        "NAME": "jinja2",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / name / "templates" for name in CAPABILITIES],
        "OPTIONS": {"environment": "guanxi.config.jinja.environment"},
    },
    {
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "access" / "signin_templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "guanxi.config.signin.demonstration",
            ]
        },
    },
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **env.database(env.text("GUANXI_DB_ROLE", "app")),
        "ATOMIC_REQUESTS": False,  # config.middleware.identify opens the transaction that carries the scope
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
    }
}
if env.flag("DATABASE_POOL", default=True):
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": env.number("DATABASE_POOL_SIZE", 8),
        "timeout": 5,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "foundation_cache"},
}
PROCRASTINATE_IMPORT_PATHS = ["guanxi.config.jobs", "guanxi.config.demo.stories.playing"]

# ── People ───────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": env.number("PASSWORD_MIN_LENGTH", 10)},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "guanxi.config.signin.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "guanxi.config.signin.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Guanxi"
MFA_TOTP_TOLERANCE = 1  # one step, as RFC 6238 recommends
USERSESSIONS_TRACK_ACTIVITY = False  # config.middleware notes it once a minute
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if env.text("OIDC_SERVER_URL"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "company",
                "name": env.text("OIDC_NAME", "Company sign-in"),
                "client_id": env.text("OIDC_CLIENT_ID"),
                "secret": env.text("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": env.text("OIDC_SERVER_URL")},
            }
        ],
    }
# a form that leads on to the provider is a form sent there, in the eyes of a browser
FORM_TARGETS = [env.origin("OIDC_SERVER_URL")] if env.text("OIDC_SERVER_URL") else []
IDLE_TIMEOUT = timedelta(minutes=env.number("IDLE_TIMEOUT_MINUTES", 60))
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# ── Messages to customers: the smtp carrier is used when there is a mail server, else they are shown on their page ──
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_STARTTLS", default=True)
EMAIL_TIMEOUT = 20
EMAIL_FROM = env.text("EMAIL_FROM", "guanxi@localhost")
IMAP_HOST = env.text("IMAP_HOST")
IMAP_PORT = env.number("IMAP_PORT", 993)
IMAP_USER = env.text("IMAP_USER")
IMAP_PASSWORD = env.text("IMAP_PASSWORD")
IMAP_TLS = env.flag("IMAP_TLS", default=True)
IMAP_FOLDER = env.text("IMAP_FOLDER", "INBOX")
SMPP_HOST = env.text("SMPP_HOST")
SMPP_PORT = env.number("SMPP_PORT", 2775)
SMPP_USER = env.text("SMPP_USER")
SMPP_PASSWORD = env.text("SMPP_PASSWORD")
SMPP_TLS = env.flag("SMPP_TLS")
SMPP_SENDER = env.text("SMPP_SENDER")
SMPP_PREFIX = env.text("SMPP_PREFIX")
SMPP_DEAD = env.words("SMPP_DEAD", "001")
WECHAT_URL = env.text("WECHAT_URL", "https://api.weixin.qq.com")
WECHAT_APP_ID = env.text("WECHAT_APP_ID")
WECHAT_SECRET = env.text("WECHAT_SECRET")
WECHAT_TOKEN = env.text("WECHAT_TOKEN")
WECHAT_AES_KEY = env.text("WECHAT_AES_KEY")
MESSAGE_CARRIERS = {
    "SMS": "smpp" if SMPP_HOST else "browser", "EMAIL": "smtp" if EMAIL_HOST else "browser",
    "WECHAT": "wechat" if WECHAT_APP_ID else "browser", "LETTER": "post",
}  # fmt: skip

# ── Language, time, files ────────────────────────────────────────────────────
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.text("TIME_ZONE", "Asia/Shanghai")
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [PACKAGE / "foundation" / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "guanxi.config.vendor.VendorFinder",
]
# public name -> file inside node_modules; nothing else is ever published
VENDOR_FILES = {
    "vendor/htmx.js": "htmx.org/dist/htmx.min.js",
    "vendor/hx-sse.js": "htmx.org/dist/ext/hx-sse.min.js",
    "vendor/inter.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
}
NODE_MODULES = BASE_DIR / "node_modules"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = HOME / "media"
PRESETS_DIR = BASE_DIR / "presets"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
ATTACHMENT_MB = env.number("ATTACHMENT_MB", 8)  # a photo or paper as evidence; more than one row should hold is refused

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
}
