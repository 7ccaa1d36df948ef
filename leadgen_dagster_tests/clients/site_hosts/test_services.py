"""Vercel and Netlify: what both promise, whatever goes wrong half way; then what is each one's own."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from leadgen_dagster.clients.site_hosts import HostAccess, HostedSite, SiteHost, open_host
from leadgen_dagster.clients.site_hosts.api import PAUSES_S, HostApi
from leadgen_dagster.clients.site_hosts.netlify import NetlifyHost
from leadgen_dagster.clients.site_hosts.vercel import VercelHost
from leadgen_dagster.errors import SettingsError, SiteHostError
from leadgen_dagster_tests.clients.site_hosts.samples import OTHER, TOKEN, Memo, make_site
from leadgen_dagster_tests.clients.site_hosts.services import TOKEN as KEY
from leadgen_dagster_tests.clients.site_hosts.services import Netlify, Service, Vercel, refusal, told

UPLOAD = {"vercel": "POST /v2/files", "netlify": "PUT /deploys"}
CREATE = {"vercel": "POST /v13/deployments", "netlify": "POST /sites"}
STATE = {"vercel": "GET /v13/deployments", "netlify": "GET /deploys"}
FAILED = {
    "vercel": {"readyState": "ERROR", "errorMessage": "Build failed"},
    "netlify": {"state": "error", "error_message": "Build failed"},
}
WAITING = {"vercel": {"readyState": "BUILDING"}, "netlify": {"state": "processing"}}


@dataclass
class Stage:
    """A service and the host that speaks to it."""

    name: str
    service: Service
    memo: Memo = field(default_factory=Memo)
    sleeps: list[float] = field(default_factory=list)
    key: str = KEY

    @property
    def host(self) -> SiteHost:
        api = HostApi(
            host=self.name,
            base_url=self.service.url,
            token=self.key,
            token_setting=f"LEADGEN_{self.name.upper()}_TOKEN",
            sleep=self.sleeps.append,
        )
        if self.name == "vercel":
            return VercelHost(api, project="demos", team_id="team_1", memo=self.memo)
        return NetlifyHost(api, site_id="site-1", memo=self.memo)

    def show(self, *sites: HostedSite) -> None:
        self.host.put(sites, lambda: sites)

    def page(self, token: str = TOKEN) -> bytes | None:
        return self.service.shown.get(f"d/{token}/index.html")


@pytest.fixture(scope="module")
def server() -> Iterator[HTTPServer]:
    with HTTPServer(host="127.0.0.1") as server:
        yield server


@pytest.fixture(params=["vercel", "netlify"])
def stage(request: pytest.FixtureRequest, server: HTTPServer) -> Stage:
    server.clear()
    service = Vercel(server) if request.param == "vercel" else Netlify(server)
    return Stage(request.param, service)


def test_all_demos_stand_under_their_addresses_and_no_crawler_is_let_in(stage: Stage) -> None:
    stage.show(make_site(), make_site(OTHER, "other"))
    shown = stage.service.shown
    assert (stage.page(), stage.page(OTHER)) == (b"<p>first", b"<p>other")
    assert shown["robots.txt"] == b"User-agent: *\nDisallow: /\n"
    headers = shown["vercel.json" if stage.name == "vercel" else "_headers"].decode()
    assert "X-Robots-Tag" in headers
    assert "noindex, nofollow" in headers


def test_what_a_host_has_is_not_sent_again(stage: Stage) -> None:
    stage.show(make_site())
    sent = stage.service.calls(UPLOAD[stage.name])
    stage.show(make_site(), make_site(OTHER, "other"))
    assert stage.service.calls(UPLOAD[stage.name]) == sent + 2, (
        "a page and a take-down page; the picture is known"
    )


def test_an_upload_that_ends_half_way_shows_the_old_demos_and_goes_on_where_it_was(stage: Stage) -> None:
    stage.show(make_site())
    stage.service.asked.clear()
    stage.service.refuse(UPLOAD[stage.name], None, refusal(400, "bad_request", "No"))
    with pytest.raises(SiteHostError, match=f"host {stage.name}: answered 400: No"):
        stage.show(make_site(text="second"), make_site(OTHER, "other"))
    assert (stage.page(), stage.page(OTHER)) == (b"<p>first", None)
    stage.show(make_site(text="second"), make_site(OTHER, "other"))
    assert (stage.page(), stage.page(OTHER)) == (b"<p>second", b"<p>other")
    assert stage.service.calls(UPLOAD[stage.name]) == 4, "three files, and the one that was refused"


def test_a_deployment_that_fails_shows_the_old_demos_and_says_why(stage: Stage) -> None:
    stage.show(make_site())
    stage.service.states = [WAITING[stage.name], FAILED[stage.name]]
    with pytest.raises(SiteHostError, match="Build failed"):
        stage.show(make_site(text="second"))
    assert stage.page() == b"<p>first"
    assert stage.sleeps, "it was asked again"


def test_a_deployment_that_is_never_ready_is_given_up(stage: Stage) -> None:
    stage.service.states = [WAITING[stage.name]] * 1_000
    with pytest.raises(SiteHostError, match="not ready after 10 minutes") as given_up:
        stage.show(make_site())
    assert given_up.value.is_retryable


@pytest.mark.parametrize("status", [429, 409, 500, 503])
def test_what_later_may_mend_is_tried_again(stage: Stage, status: int) -> None:
    stage.service.refuse(CREATE[stage.name], refusal(status, "x", "Later"), refusal(status, "x", "Later"))
    stage.show(make_site())
    assert stage.page() == b"<p>first"
    assert stage.sleeps[:2] == list(PAUSES_S[:2])


def test_a_host_that_says_how_long_is_believed(stage: Stage) -> None:
    stage.service.refuse(CREATE[stage.name], refusal(429, "rate_limited", "Slow down", retry_after="7"))
    stage.show(make_site())
    assert stage.sleeps[0] == 7.0


def test_a_quota_that_lasts_a_day_is_said_at_once(stage: Stage) -> None:
    stage.service.refuse(CREATE[stage.name], refusal(429, "limit", "100 a day", retry_after="86400"))
    with pytest.raises(SiteHostError, match="answered 429: 100 a day") as refused:
        stage.show(make_site())
    assert refused.value.is_retryable
    assert stage.sleeps == []


def test_a_conflict_that_stays_is_said_after_a_few_tries(stage: Stage) -> None:
    stage.service.refuse(CREATE[stage.name], *[refusal(409, "conflict", "Another deployment")] * 9)
    with pytest.raises(SiteHostError, match="answered 409: Another deployment"):
        stage.show(make_site())
    assert stage.service.calls(CREATE[stage.name]) == len(PAUSES_S) + 1


@pytest.mark.parametrize("status", [402, 400, 404])
def test_a_refusal_for_good_is_not_tried_again(stage: Stage, status: int) -> None:
    stage.service.refuse(CREATE[stage.name], refusal(status, "no", "Pay first"))
    with pytest.raises(SiteHostError, match=f"answered {status}: Pay first") as refused:
        stage.show(make_site())
    assert not refused.value.is_retryable
    assert stage.sleeps == []


def test_a_token_that_is_not_accepted_is_named_by_its_setting_and_never_shown(stage: Stage) -> None:
    stage.key = "wr0ng"
    with pytest.raises(SiteHostError, match=f"LEADGEN_{stage.name.upper()}_TOKEN is not accepted") as refused:
        stage.show(make_site())
    assert "wr0ng" not in str(refused.value)


def test_a_host_that_is_away_is_said_after_a_few_tries(stage: Stage) -> None:
    stage.service.url = "http://127.0.0.1:9"
    with pytest.raises(SiteHostError, match="could not be reached") as away:
        stage.show(make_site())
    assert away.value.is_retryable
    assert stage.sleeps == list(PAUSES_S)


@pytest.mark.parametrize("body", [b"", b"[]", b"not json", b'{"id": 5}'])
def test_an_answer_that_is_none_is_said(stage: Stage, body: bytes) -> None:
    stage.service.refuse(CREATE[stage.name], Response(body, 200))
    with pytest.raises(SiteHostError, match="without its id"):
        stage.show(make_site())


def test_what_is_removed_is_gone_and_its_neighbour_stands(stage: Stage) -> None:
    stage.show(make_site(), make_site(OTHER, "other"))
    stage.host.remove([TOKEN], lambda: [make_site(OTHER, "other")])
    assert (stage.page(), stage.page(OTHER)) == (None, b"<p>other")


def test_no_earlier_deployment_stays_at_an_address_of_its_own(stage: Stage) -> None:
    stage.show(make_site())
    stage.service.states = [FAILED[stage.name]]
    with pytest.raises(SiteHostError):
        stage.show(make_site(text="second"))
    stage.host.remove([TOKEN], list)
    assert len(stage.service.made) == 1
    assert f"d/{TOKEN}/index.html" not in next(iter(stage.service.made.values()))


def test_vercel_is_told_the_team_and_sends_again_what_it_threw_away(server: HTTPServer) -> None:
    server.clear()
    stage = Stage("vercel", Vercel(server))
    stage.show(make_site())
    stage.service.files.clear()
    stage.show(make_site())
    assert stage.page() == b"<p>first"
    created = [request for request, _ in server.log if request.path == "/v13/deployments"]
    assert {request.args["teamId"] for request in created} == {"team_1"}
    assert json.loads(created[0].data)["meta"] == {"made_by": "leadgen_dagster"}


def test_netlify_asking_for_what_is_no_file_is_said(server: HTTPServer) -> None:
    server.clear()
    stage = Stage("netlify", Netlify(server))
    stage.service.refuse("POST /sites", told({"id": "d9", "state": "uploading", "required": ["abc"]}))
    with pytest.raises(SiteHostError, match="asks for 'abc', which is no file of the deploy"):
        stage.show(make_site())


@pytest.mark.parametrize(
    ("name", "setting"), [("vercel", "LEADGEN_VERCEL_TOKEN"), ("netlify", "LEADGEN_NETLIFY_TOKEN")]
)
def test_a_host_of_the_past_that_is_set_up_no_longer_names_its_setting(
    tmp_path: Path, name: str, setting: str
) -> None:
    access = HostAccess(folder=tmp_path, memo=Memo(), vercel_project="demos")
    with pytest.raises(SettingsError, match=setting):
        open_host(name, access)
