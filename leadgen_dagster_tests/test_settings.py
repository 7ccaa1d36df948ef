from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import make_url

from leadgen_dagster.errors import SettingsError
from leadgen_dagster.settings import PREFIX, Settings, database_url_for_sqlalchemy


def load(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(PREFIX + name, value)
    return Settings.load()


def test_without_any_setting_everything_lies_in_one_folder_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.load()
    home = tmp_path / ".leadgen"
    assert settings.home == home
    assert settings.dagster_home == home / "dagster"
    assert settings.agency_file == home / "agency.yaml"
    assert make_url(settings.effective_database_url).database == str(home / "leadgen.db")
    assert settings.effective_files_url == str(home / "files")
    assert not home.exists()


def test_the_home_may_be_written_as_a_shell_would(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load(monkeypatch, HOME="~/leads").home == tmp_path / "leads"


def test_a_variable_that_is_empty_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, DATABASE_URL="", LLM_MODEL="", FETCH_CONCURRENCY="", PUBLIC_URL="")
    assert settings == Settings.load()
    assert (settings.database_url, settings.llm_model, settings.public_url) == (None, None, None)


def test_what_is_set_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = load(
        monkeypatch,
        DATABASE_URL="postgres://u:p@db/leads",
        FILES_URL="memory://bucket/leads",
        PUBLIC_URL="https://demos.agency.example/",
        OSM_FILE=str(tmp_path / "town.osm.pbf"),
        CONTACT="https://agency.example/bot",
        LLM_PRICE_INPUT_USD="0.15",
        ALLOW_ANY_INSTANCE="true",
        FETCH_CONCURRENCY="5",
    )
    assert settings.effective_database_url == "postgresql+psycopg2://u:p@db/leads"
    assert settings.effective_files_url == "memory://bucket/leads"
    assert settings.public_url == "https://demos.agency.example"
    assert settings.osm_file == tmp_path / "town.osm.pbf"
    assert settings.user_agent.endswith("; +https://agency.example/bot)")
    assert settings.llm_price_input_usd == Decimal("0.15")
    assert (settings.allow_any_instance, settings.fetch_concurrency) == (True, 5)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://u:s3cret@db/leads"),
        ("DATABASE_URL", "s3cret"),
        ("PUBLIC_URL", "javascript:s3cret"),
        ("FETCH_CONCURRENCY", "0"),
        ("FETCH_CONCURRENCY", "many"),
        ("ALLOW_ANY_INSTANCE", "perhaps"),
        ("LLM_PRICE_INPUT_USD", "-1"),
        ("AUDIT_METHODS", "browser,crystal ball"),
        ("SITE_HOST", "s3cret"),
        ("SITE_HOST", "file:///srv/s3cret"),
        ("SITE_HOST", "nosuch://s3cret"),
        ("DEMO_DAYS", "0"),
        ("LLM_PRICE_OUTPUT_USD", "NaN"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(SettingsError, match=f"^{PREFIX}{name}: ") as refused:
        load(monkeypatch, **{name: value})
    assert "s3cret" not in str(refused.value)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_spelling_of_postgresql_is_read_by_the_driver_that_is_there(scheme: str) -> None:
    url = database_url_for_sqlalchemy(f"{scheme}://u:p%40@db:5433/leads?sslmode=require")
    assert url == "postgresql+psycopg2://u:p%40@db:5433/leads?sslmode=require"


def test_no_secret_shows_when_the_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, LLM_API_KEY="s3cret")
    assert settings.llm_api_key is not None
    assert settings.llm_api_key.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(settings)


def test_every_setting_says_what_it_is_for() -> None:
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize("url", ["file:///srv/leads", "/srv/leads"])
def test_files_on_this_machine_are_a_plain_path_however_they_are_written(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    assert load(monkeypatch, FILES_URL=url).effective_files_url == "/srv/leads"


def test_files_in_a_relative_folder_are_the_same_for_every_process(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(monkeypatch, FILES_URL="leads").effective_files_url == str(tmp_path / "leads")


def test_methods_of_a_second_look_are_read_as_a_person_writes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, AUDIT_METHODS=" Lighthouse, browser,").audit_methods == "browser,lighthouse"
    assert load(monkeypatch, AUDIT_METHODS=" , ").audit_methods is None


@pytest.mark.parametrize("half", [{"LLM_MODEL": "m"}, {"LLM_BASE_URL": "http://127.0.0.1:1/v1"}])
def test_half_a_language_model_is_refused(monkeypatch: pytest.MonkeyPatch, half: dict[str, str]) -> None:
    with pytest.raises(
        SettingsError, match="LEADGEN_LLM_BASE_URL and LEADGEN_LLM_MODEL: give both, or neither"
    ):
        load(monkeypatch, **half)


@pytest.mark.parametrize(
    ("written", "host"), [("Folder", "folder"), (" memory://bucket/demos/ ", "memory://bucket/demos")]
)
def test_a_host_of_demos_is_read_as_a_person_writes_it(
    monkeypatch: pytest.MonkeyPatch, written: str, host: str
) -> None:
    assert load(monkeypatch, SITE_HOST=written).site_host == host


def test_a_host_that_lacks_its_settings_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "LEADGEN_SITE_HOST=netlify needs LEADGEN_NETLIFY_TOKEN and LEADGEN_NETLIFY_SITE_ID"
    with pytest.raises(SettingsError, match=said):
        load(monkeypatch, SITE_HOST="netlify")
    settings = load(monkeypatch, SITE_HOST="netlify", NETLIFY_TOKEN="s3cret", NETLIFY_SITE_ID="site-1")
    assert "s3cret" not in repr(settings)
