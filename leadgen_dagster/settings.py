"""The one reader of the environment: every LEADGEN_* name, its default and its meaning."""

import re
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from leadgen_dagster.errors import SettingsError

PREFIX = "LEADGEN_"
AUDIT_METHODS = ("browser", "lighthouse", "pagespeed")
SITE_HOSTS = ("folder", "vercel", "netlify")
LOCAL_SCHEMES = frozenset({"file", "local"})


def database_url_for_sqlalchemy(url: str) -> str:
    """SQLAlchemy reads a bare `postgresql://` as psycopg 3, and psycopg2 is what Dagster brings.

    Raises:
        ValueError: the URL is of another kind of database.
    """
    scheme, _, rest = url.partition("://")
    try:
        parts = urlsplit(url)
        is_whole = parts.port is None or bool(parts.hostname)
    except ValueError:
        is_whole = False
    if is_whole and rest and scheme in ("postgres", "postgresql", "postgresql+psycopg2"):
        return f"postgresql+psycopg2://{rest}"
    if is_whole and scheme == "sqlite":
        return url
    raise ValueError("give a postgresql://user:password@host:5432/name or sqlite:///path URL")


def _known_to_fsspec(url: str, scheme: str) -> str:
    from fsspec import get_filesystem_class

    try:
        get_filesystem_class(scheme)
    except ValueError:
        raise ValueError("give a path, or a URL that fsspec knows, e.g. s3://bucket/leadgen") from None
    except ImportError as error:
        raise ValueError(f"{scheme}:// needs a package that is not installed: {error}") from None
    return url


def public_url_problem(text: str) -> str | None:
    """What is wrong with the address that demos will be served under; None where nothing is."""
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower()
        has_login = "@" in parts.netloc or (parts.port or 0) < 0
    except ValueError:
        return "is not a URL"
    if not host or not text.isprintable() or " " in text or has_login:
        return "is not a URL; give e.g. https://demos.agency.example"
    if parts.query or parts.fragment:
        return "must end before any ? or #"
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host)):
        return None
    return "must begin with https:// (http:// only for localhost)"


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or bool(re.fullmatch(r"127(?:\.\d{1,3}){3}", host))


class Settings(BaseSettings):
    """What a person can set from outside; each field is `LEADGEN_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True)

    home: Path = Field(
        default=Path(".leadgen"),
        description="Where everything is kept: database, pages, sites, exports, Dagster's own state.",
    )
    database_url: str | None = Field(
        default=None,
        description="A postgresql:// URL; without one, SQLite at $LEADGEN_HOME/leadgen.db.",
    )
    files_url: str | None = Field(
        default=None,
        description="Where pages, sites and exports lie, e.g. s3://bucket/x; default $LEADGEN_HOME/files.",
    )
    public_url: str | None = Field(
        default=None,
        description="Where published demos will be served; drafts are NOT READY without it.",
    )
    site_host: str = Field(
        default="folder",
        description="Where demos are published: folder, s3://bucket/x and the like, vercel or netlify.",
    )
    vercel_token: SecretStr | None = Field(default=None, description="A token of Vercel, for that host.")
    vercel_project: str = Field(
        default="leadgen-demos", description="The project of Vercel that holds the demos and nothing else."
    )
    vercel_team_id: str | None = Field(
        default=None, description="The team of Vercel whose project it is; default: the token's own account."
    )
    netlify_token: SecretStr | None = Field(default=None, description="A token of Netlify, for that host.")
    netlify_site_id: str | None = Field(
        default=None, description="The site of Netlify that holds the demos and nothing else."
    )
    demo_days: int = Field(
        default=30,
        ge=1,
        le=365,
        description="Days from its first publication that a demo is shown (1 to 365).",
    )
    osm_file: Path | None = Field(
        default=None,
        description="An .osm.pbf file: makes `osm` a configured source, used where no --source is given.",
    )
    overpass_url: str = Field(
        default="https://overpass-api.de",
        description="The Overpass server that answers for a town by name; your own has no queue.",
    )
    google_places_api_key: SecretStr | None = Field(
        default=None, description="A key for the Places API (New): makes `google_places` a source."
    )
    google_places_url: str = Field(
        default="https://places.googleapis.com", description="Where the Places API (New) is asked."
    )
    google_places_price_usd: Decimal = Field(
        default=Decimal(35),
        ge=0,
        le=10_000,
        description="US dollars per 1,000 searches with websites and phones, as your contract has it.",
    )
    yelp_api_key: SecretStr | None = Field(
        default=None, description="A key for Yelp Fusion: makes `yelp` a source."
    )
    yelp_url: str = Field(default="https://api.yelp.com", description="Where Yelp Fusion is asked.")
    yelp_price_usd: Decimal = Field(
        default=Decimal(0),
        ge=0,
        le=10_000,
        description="US dollars per 1,000 searches, as your contract has it.",
    )
    contact: str | None = Field(
        default=None,
        description="An address or URL in the User-Agent, so that a webmaster can reach you.",
    )
    llm_base_url: str | None = Field(
        default=None, description="An OpenAI-compatible server, e.g. http://localhost:11434/v1."
    )
    llm_api_key: SecretStr | None = Field(default=None, description="Its key, if it wants one.")
    llm_model: str | None = Field(
        default=None, description="The model that writes; without it and the base URL, none does."
    )
    llm_price_input_usd: Decimal | None = Field(
        default=None, ge=0, description="US dollars per million tokens read; needed under a budget."
    )
    llm_price_output_usd: Decimal | None = Field(
        default=None, ge=0, description="US dollars per million tokens written; needed under a budget."
    )
    browser: Path | None = Field(
        default=None,
        description="Chromium or Chrome for a second look; default: the first one found on the PATH.",
    )
    demo_pictures: int = Field(
        default=24,
        ge=0,
        le=10_000,
        description="Demos of a run that pictures are taken of, where there is a Chromium: the most promising ones.",
    )
    lighthouse: Path | None = Field(
        default=None, description="Lighthouse 12 for a second look; default: the one on the PATH, if any."
    )
    pagespeed_api_key: SecretStr | None = Field(
        default=None, description="A key for PageSpeed Insights, which loads the page from Google's servers."
    )
    audit_methods: str | None = Field(
        default=None,
        description="Second looks: browser, lighthouse, pagespeed, with commas; default: browser and what is set up.",
    )
    allow_any_instance: bool = Field(
        default=False,
        description="Let the orders sensor work in a Dagster instance outside $LEADGEN_HOME.",
    )
    fetch_concurrency: int = Field(
        default=20,
        ge=1,
        le=200,
        description="Hosts asked at once (1 to 200), one host never twice; up to ten times as many slow ones beside.",
    )

    @field_validator("home", mode="after")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("database_url", mode="after")
    @classmethod
    def _psycopg2(cls, url: str | None) -> str | None:
        return None if url is None else database_url_for_sqlalchemy(url)

    @field_validator("files_url", mode="after")
    @classmethod
    def _openable(cls, url: str | None) -> str | None:
        scheme, separator, rest = (url or "").partition("://")
        if url is None or (separator and scheme not in LOCAL_SCHEMES):
            return None if url is None else _known_to_fsspec(url, scheme)
        return str(Path(rest if separator else url).expanduser().absolute())

    @field_validator("public_url", mode="after")
    @classmethod
    def _public(cls, url: str | None) -> str | None:
        problem = public_url_problem(url) if url else None
        if problem:
            raise ValueError(problem)
        return url.rstrip("/") if url else None

    @field_validator("site_host", mode="after")
    @classmethod
    def _known_host(cls, text: str) -> str:
        name = text.strip().rstrip("/")
        scheme, separator, _ = name.partition("://")
        if name.lower() in SITE_HOSTS:
            return name.lower()
        if not separator or scheme in LOCAL_SCHEMES:
            raise ValueError(f"give {', '.join(SITE_HOSTS)}, or the URL of a bucket, e.g. s3://bucket/demos")
        return _known_to_fsspec(name, scheme)

    @field_validator("overpass_url", "google_places_url", "yelp_url", mode="after")
    @classmethod
    def _service(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
            is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            is_whole = False
        if not is_whole or parts.query or parts.fragment or parts.username:
            raise ValueError("give the address of a server, e.g. https://overpass.example.org")
        return url.rstrip("/").removesuffix("/api/interpreter")

    @field_validator("audit_methods", mode="after")
    @classmethod
    def _known_methods(cls, text: str | None) -> str | None:
        names = [name.strip().lower() for name in (text or "").split(",") if name.strip()]
        unknown = next((name for name in names if name not in AUDIT_METHODS), None)
        if unknown is not None:
            raise ValueError(f"{unknown!r} is not allowed; known are {', '.join(AUDIT_METHODS)}")
        return ",".join(name for name in AUDIT_METHODS if name in names) or None

    @model_validator(mode="after")
    def _whole_model(self) -> Self:
        if bool(self.llm_base_url) != bool(self.llm_model):
            raise ValueError("LEADGEN_LLM_BASE_URL and LEADGEN_LLM_MODEL: give both, or neither")
        return self

    @model_validator(mode="after")
    def _whole_host(self) -> Self:
        needed: dict[str, dict[str, object]] = {
            "vercel": {"LEADGEN_VERCEL_TOKEN": self.vercel_token},
            "netlify": {
                "LEADGEN_NETLIFY_TOKEN": self.netlify_token,
                "LEADGEN_NETLIFY_SITE_ID": self.netlify_site_id,
            },
        }
        unset = [name for name, value in needed.get(self.site_host, {}).items() if not value]
        if unset:
            raise ValueError(f"LEADGEN_SITE_HOST={self.site_host} needs {' and '.join(unset)}")
        return self

    @classmethod
    def load(cls) -> Self:
        """Reads the environment.

        Raises:
            SettingsError: names the first wrong variable and what is allowed.
        """
        try:
            return cls()
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            said = first["msg"].removeprefix("Value error, ")
            if not first["loc"]:
                raise SettingsError(said) from None
            field = str(first["loc"][0])
            if first["type"] != "value_error":
                said = f"{first['input']!r} is not allowed. {cls.model_fields[field].description}"
            raise SettingsError(f"{PREFIX}{field.upper()}: {said}") from None

    @cached_property
    def place_keys(self) -> list[str]:
        """The settings of place services' keys that are set; their names, never the keys."""
        keys = {"google_places_api_key": self.google_places_api_key, "yelp_api_key": self.yelp_api_key}
        return [f"{PREFIX}{name.upper()}" for name, key in keys.items() if key]

    @cached_property
    def dagster_home(self) -> Path:
        return self.home / "dagster"

    @cached_property
    def agency_file(self) -> Path:
        return self.home / "agency.yaml"

    @cached_property
    def published_folder(self) -> Path:
        """What the host `folder` shows."""
        return self.home / "published"

    @cached_property
    def effective_database_url(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'leadgen.db'}"

    @cached_property
    def effective_files_url(self) -> str:
        return self.files_url or str(self.home / "files")

    @cached_property
    def user_agent(self) -> str:
        """Who asks: the project, its version, and whom a webmaster can reach."""
        from importlib.metadata import version  # 30 ms that `leadgen --help` need not pay

        contact = f"; +{self.contact}" if self.contact else ""
        return f"leadgen_dagster/{version('leadgen_dagster')} (website check for a local agency{contact})"
