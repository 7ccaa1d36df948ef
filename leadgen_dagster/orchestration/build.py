"""All definitions, made afresh by one function; tests and the command line swap resources here."""

from typing import Any

import dagster as dg

from leadgen_dagster.orchestration.assets import ASSETS
from leadgen_dagster.orchestration.audit_resource import AuditResource
from leadgen_dagster.orchestration.checks import CHECKS
from leadgen_dagster.orchestration.demo_pictures import CameraResource
from leadgen_dagster.orchestration.jobs import JOBS
from leadgen_dagster.orchestration.place_services import PlacesResource
from leadgen_dagster.orchestration.resources import (
    AgencyResource,
    CopywriterResource,
    DatabaseResource,
    FilesResource,
    OrderDeskResource,
    PublisherResource,
    WebResource,
)
from leadgen_dagster.orchestration.schedules import SCHEDULES
from leadgen_dagster.orchestration.sensors import orders_sensor
from leadgen_dagster.settings import Settings


def build_definitions(settings: Settings | None = None, **overrides: object) -> dg.Definitions:
    """Everything that Dagster shows and runs.

    Args:
        settings: by default, the environment's.
        overrides: resources that take the place of those of the same name.

    Raises:
        SettingsError: a LEADGEN_* variable is wrong.
    """
    settings = settings or Settings.load()
    expected_home = None if settings.allow_any_instance else settings.dagster_home
    return dg.Definitions(
        assets=ASSETS,
        asset_checks=CHECKS,
        jobs=list(JOBS),
        sensors=[orders_sensor(expected_home)],
        schedules=list(SCHEDULES),
        resources=resources_of(settings) | overrides,
        executor=dg.in_process_executor,
    )


def resources_of(settings: Settings) -> dict[str, Any]:
    """Resources as the settings have them; what may hold a secret is named, not copied."""
    has_prices = None not in (settings.llm_price_input_usd, settings.llm_price_output_usd)
    return {
        "database": DatabaseResource(
            url=dg.EnvVar("LEADGEN_DATABASE_URL")
            if settings.database_url
            else settings.effective_database_url
        ),
        "files": FilesResource(url=settings.effective_files_url),
        "web": WebResource(user_agent=settings.user_agent, concurrency=settings.fetch_concurrency),
        "audits": AuditResource(
            user_agent=settings.user_agent,
            browser=_text(settings.browser),
            lighthouse=_text(settings.lighthouse),
            pagespeed_api_key=dg.EnvVar("LEADGEN_PAGESPEED_API_KEY") if settings.pagespeed_api_key else None,
            methods=settings.audit_methods,
        ),
        "camera": CameraResource(browser=_text(settings.browser), most=settings.demo_pictures),
        "agency": AgencyResource(
            home=str(settings.home), agency_file=str(settings.agency_file), public_url=settings.public_url
        ),
        "copywriter": CopywriterResource(
            base_url=settings.llm_base_url,
            api_key=dg.EnvVar("LEADGEN_LLM_API_KEY") if settings.llm_api_key else None,
            model=settings.llm_model,
            price_input_usd=_text(settings.llm_price_input_usd),
            price_output_usd=_text(settings.llm_price_output_usd),
        ),
        "desk": OrderDeskResource(
            osm_file=_text(settings.osm_file),
            key_settings=settings.place_keys,
            prices={
                "google_places": float(settings.google_places_price_usd),
                "yelp": float(settings.yelp_price_usd),
            },
            has_unpriced_model=bool(settings.llm_model) and not has_prices,
            agency_file=str(settings.agency_file),
        ),
        "places": PlacesResource(
            home=str(settings.home),
            user_agent=settings.user_agent,
            overpass_url=settings.overpass_url,
            google_places_url=settings.google_places_url,
            google_places_api_key=dg.EnvVar("LEADGEN_GOOGLE_PLACES_API_KEY")
            if settings.google_places_api_key
            else None,
            google_places_price_usd=str(settings.google_places_price_usd),
            yelp_url=settings.yelp_url,
            yelp_api_key=dg.EnvVar("LEADGEN_YELP_API_KEY") if settings.yelp_api_key else None,
            yelp_price_usd=str(settings.yelp_price_usd),
        ),
        "publisher": PublisherResource(
            home=str(settings.home),
            folder=str(settings.published_folder),
            host=settings.site_host,
            vercel_token=dg.EnvVar("LEADGEN_VERCEL_TOKEN") if settings.vercel_token else None,
            vercel_project=settings.vercel_project,
            vercel_team_id=settings.vercel_team_id,
            netlify_token=dg.EnvVar("LEADGEN_NETLIFY_TOKEN") if settings.netlify_token else None,
            netlify_site_id=settings.netlify_site_id,
            demo_days=settings.demo_days,
        ),
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
