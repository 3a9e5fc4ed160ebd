"""Typed readers of the environment. They fail loudly and say the variable's name."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

CHECKOUT = Path(__file__).resolve().parents[3]


class BadEnvironment(SystemExit):
    """A variable of the environment cannot be understood."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    value = text(name).lower()
    if value in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
        return default if not value else value in {"1", "true", "yes", "on"}
    msg = f"{name} is {value!r}: say yes or no"
    raise BadEnvironment(msg)


def number(name: str, default: int) -> int:
    value = text(name)
    if not value:
        return default
    if not value.isdecimal():
        msg = f"{name} is {value!r}: a whole number is needed"
        raise BadEnvironment(msg)
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def origin(name: str) -> str:
    """Return scheme and host of an address, as a security policy names them."""
    parts = urlsplit(text(name))
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        msg = f"{name} must look like https://login.example.com/realm"
        raise BadEnvironment(msg)
    return f"{parts.scheme}://{parts.netloc}"


def home() -> Path:
    """Return the folder of all that changes: database, secrets, logs, built files."""
    return Path(text("GUANXI_HOME") or CHECKOUT / "var").resolve()


def postgres_url(url: str, name: str) -> dict[str, Any]:
    """Return Django's database settings for a ``postgres://`` address."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        msg = f"{name} must look like postgresql://user:password@host:5432/database"
        raise BadEnvironment(msg)
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(options.pop("port", parts.port or "")),
        "OPTIONS": options,
    }


def database(role: str) -> dict[str, Any]:
    """Return the settings of the one database, seen by ``owner`` (migrations) or ``app`` (everything else)."""
    if role not in {"owner", "app"}:
        msg = f"GUANXI_DB_ROLE is {role!r}: owner or app"
        raise BadEnvironment(msg)
    from guanxi.config import embedded

    external = text("DATABASE_URL")
    if not external:
        server = embedded.describe(home())
        password = embedded.secrets(home())[f"{role}_password"]
        return {
            "NAME": text("GUANXI_DB_NAME", "guanxi"),
            "USER": server.owner if role == "owner" else server.app,
            "PASSWORD": password,
            "HOST": str(server.socket_dir),
            "PORT": str(server.port),
            "OPTIONS": {},
        }
    if role == "owner":
        return postgres_url(external, "DATABASE_URL")
    if text("DATABASE_APP_URL"):
        return postgres_url(text("DATABASE_APP_URL"), "DATABASE_APP_URL")
    return postgres_url(external, "DATABASE_URL") | {
        "USER": "guanxi_app",
        "PASSWORD": embedded.secrets(home())["app_password"],
    }
