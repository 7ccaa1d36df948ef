"""The one reader of the environment: every LEADGEN_* name, its default and its meaning."""

from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from leadgen_dagster.errors import SettingsError

PREFIX = "LEADGEN_"


def database_url_for_sqlalchemy(url: str) -> str:
    """SQLAlchemy reads a bare `postgresql://` as psycopg 3, and psycopg2 is what Dagster brings.

    Raises:
        ValueError: the URL is of another kind of database.
    """
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    scheme, separator, rest = url.partition("://")
    if separator and scheme in ("postgres", "postgresql"):
        url = f"postgresql+psycopg2://{rest}"
    try:
        drivername = make_url(url).drivername
    except (ArgumentError, ValueError):
        drivername = ""
    if drivername not in ("postgresql+psycopg2", "sqlite"):
        raise ValueError("give a postgresql://user:password@host:5432/name or sqlite:///path URL")
    return url


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
    osm_file: Path | None = Field(
        default=None,
        description="An .osm.pbf file: makes `osm` a configured source, used where no --source is given.",
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
    allow_any_instance: bool = Field(
        default=False,
        description="Let the orders sensor work in a Dagster instance outside $LEADGEN_HOME.",
    )
    fetch_concurrency: int = Field(
        default=20,
        ge=1,
        le=200,
        description="How many hosts are asked at the same time; one host never twice.",
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
    def _known_place(cls, url: str | None) -> str | None:
        scheme, separator, _ = (url or "").partition("://")
        if not separator:
            return url
        from fsspec import available_protocols

        if scheme not in available_protocols():
            raise ValueError("give a path, or a URL that fsspec knows, e.g. s3://bucket/leadgen")
        return url

    @field_validator("public_url", mode="after")
    @classmethod
    def _without_slash(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("https://", "http://")):
            raise ValueError("give a URL that starts with https://")
        return url.rstrip("/") if url else None

    @classmethod
    def load(cls) -> Self:
        """Reads the environment.

        Raises:
            SettingsError: names the first wrong variable and what is allowed.
        """
        try:
            return cls()
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            name = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
            message = first["msg"].removeprefix("Value error, ")
            raise SettingsError(f"{name}: {message}") from None

    @cached_property
    def dagster_home(self) -> Path:
        return self.home / "dagster"

    @cached_property
    def agency_file(self) -> Path:
        return self.home / "agency.yaml"

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
