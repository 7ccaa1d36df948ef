"""Publishing: what a person chose reaches a host, and goes from it when it is asked to, or when its days are over.

Every door comes through here: the command line, the take-down page, the clean-up, later a review desk.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout
from selectolax.lexbor import LexborHTMLParser

from leadgen_dagster.agency import IDENTITY, Agency
from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.clients.site_hosts import HostAccess, HostedSite, open_host
from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.partition import Partition
from leadgen_dagster.db.publications import Gone, Publication, Publications
from leadgen_dagster.db.suppressions import Suppressions
from leadgen_dagster.db.take_downs import TakeDown, TakeDowns
from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.errors import LeadgenError, PublishingError, SettingsError, SiteHostError
from leadgen_dagster.orchestration.layout import site_path
from leadgen_dagster.orchestration.page_memory import with_bodies
from leadgen_dagster.orders import ProcessingRun
from leadgen_dagster.outreach.marks import Listed, listed_mark, on_exclusion_list
from leadgen_dagster.scoring.contact_points import Contact
from leadgen_dagster.sites.builder import content_hash
from leadgen_dagster.sites.gates import stored_site_faults
from leadgen_dagster.sites.generated import SHOWN_DIGITS, GeneratedSite
from leadgen_dagster.sites.take_down import TAKE_DOWN_FILE, take_down_page
from leadgen_dagster.sites.tokens import demo_url

logger = logging.getLogger(__name__)

LOCK_TIMEOUT_S = 600.0
SIGNED_BY = ("name", "postal_address", "reply_to")
"""What a published demo says of the agency: who made it, and where one writes to have it removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person decided to publish: this content of this business's demo, and no other."""

    business: Business
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One choice carried out."""

    business: Business
    publication: Publication
    is_new: bool
    """Whether anything was uploaded; the same content never is twice."""


class Publisher:
    """Puts demos on a host and takes them off again.

    One host is changed by one process at a time, since some take nothing less than all demos at once.

    Args:
        host: where new publications go, as `LEADGEN_SITE_HOST` names it.
        access: how that host is reached, and the earlier ones.
        demo_days: how long a demo is shown, from its first publication.
        lock: a file that the processes of this machine share.
        now: what the time is.
    """

    def __init__(
        self,
        *,
        database: Database,
        files: ObjectStore,
        host: str,
        access: HostAccess,
        demo_days: int,
        lock: Path,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._files = files
        self._host = host
        self._access = access
        self._shown_for = timedelta(days=demo_days)
        self._lock = FileLock(lock, timeout=LOCK_TIMEOUT_S)
        self._now = now
        self.publications = Publications(database)
        self.take_downs = TakeDowns(database)

    def publish(
        self, run: ProcessingRun, choices: Sequence[Choice], *, agency: Agency, public_url: str | None
    ) -> list[Published]:
        """Publishes what was chosen; all of it is checked before anything is uploaded.

        Args:
            agency: whose demos they are.
            public_url: what their addresses begin with.

        Raises:
            PublishingError: one of them must not be published.
            SettingsError: the public address, or a setting of the host, is missing.
            SiteHostError: the host refused. What it may show by now is written down, so that it can be removed, and
                the same again completes it.
        """
        if public_url is None:
            raise SettingsError(
                "LEADGEN_PUBLIC_URL, or public_url in agency.yaml: needed before a demo is published"
            )
        unsigned = [IDENTITY[field] for field in SIGNED_BY if not getattr(agency, field)]
        if unsigned:
            raise PublishingError(
                f"agency.yaml: {' and '.join(unsigned)} missing; a published demo names them"
            )
        sites = self._checked(run, choices, agency, public_url)
        with self._alone():
            return self._publish(run, choices, sites, public_url)

    def unpublish(self, tokens: Collection[str]) -> list[Publication]:
        """Takes the demos of these addresses off their hosts; gives those that were there."""
        return self._remove(
            {Gone.UNPUBLISHED: [one for one in self.publications.live() if one.token in tokens]}
        )

    def take_down(self, token: str, *, asked_by: str, note: str | None = None) -> list[Publication]:
        """Writes down that a business wants no demo, now and in every later run, and takes its demo off its host.

        Raises:
            PublishingError: no demo has this address.
            SiteHostError: the host refused; it is written down all the same, and the clean-up tries again.
        """
        fingerprint = self.take_downs.fingerprint_of(token)
        if fingerprint is None:
            raise PublishingError(f"{token}: no demo has this address")
        self.take_downs.record(
            TakeDown(fingerprint=fingerprint, token=token, asked_at=self._now(), asked_by=asked_by, note=note)
        )
        return self._remove({Gone.TAKEN_DOWN: self.publications.live(token=token)})

    def remove_old(self) -> list[Publication]:
        """Takes off what is shown no longer: demos whose days are over, and files that a take-down left behind."""
        live, asked = self.publications.live(), self.take_downs.days()
        taken_down = [one for one in live if one.fingerprint in asked]
        expired = [one for one in live if one.fingerprint not in asked and self.is_expired(one)]
        return self._remove({Gone.TAKEN_DOWN: taken_down, Gone.EXPIRED: expired})

    def is_expired(self, publication: Publication) -> bool:
        return publication.expires_at <= self._now()

    def _checked(
        self, run: ProcessingRun, choices: Sequence[Choice], agency: Agency, public_url: str
    ) -> dict[str, tuple[GeneratedSite, HostedSite]]:
        """By business id; each may be shown, and is what the person saw, byte for byte."""
        partition = Partition(self._database, run.id)
        sites, contacts, scores = partition.sites(), partition.contacts(), partition.scores()
        snapshots, listed = partition.snapshots(), self._listed(agency)
        checked = {}
        for choice in choices:
            business, site = choice.business, sites.get(choice.business.id)
            if site is None:
                raise PublishingError(f"{business.name}: there is no demo of it in this run")
            if site.content_hash != choice.content_hash:
                seen, now = (digest[:SHOWN_DIGITS] for digest in (choice.content_hash, site.content_hash))
                raise PublishingError(
                    f"{business.name}: its demo is not the one that was looked at ({seen}), but {now} now; "
                    "look at it again"
                )
            known = contacts.get(business.id, ())
            self._check_wanted(business, known, listed)
            hosted = self._stored(site.token, site.content_hash, business.name)
            if stale := _stale_part(site, hosted, agency, public_url):
                raise PublishingError(
                    f"{business.name}: {stale}; leadgen rerun {run.id} --from generated_sites"
                )
            faults = stored_site_faults(
                site,
                hosted.files["index.html"],
                business,
                known,
                scores.get(business.id),
                pages=with_bodies(snapshots.get(business.id, []), self._files),
                agency_name=agency.name,
                ordered_on=run.ordered_on,
            )
            for fault in (*site.faults, *faults):
                raise PublishingError(f"{business.name}: its demo fails a gate: {fault}")
            checked[business.id] = (site, hosted)
        return checked

    def _listed(self, agency: Agency) -> Listed:
        """Who is on a list of those that are left alone, as it stands now."""
        lists = (Suppressions(self._database).has, on_exclusion_list(agency.exclusions))
        return lambda mark: any(is_listed(mark) for is_listed in lists)

    def _check_wanted(self, business: Business, contacts: Sequence[Contact], listed: Listed) -> None:
        """Nobody is shown who does not want to be, and nobody for longer than was said."""
        name = business.name
        if day := self.take_downs.days().get(business.fingerprint):
            raise PublishingError(f"{name}: its demo was taken down on request on {day}")
        if business.exclusion is not None:
            raise PublishingError(f"{name}: excluded; {business.exclusion_note}")
        if mark := listed_mark(business, contacts, listed):
            raise PublishingError(f"{name}: its {mark.what} is on a list of those who are left alone")
        first = self.publications.first_published_at(business.fingerprint)
        if first is not None and first + self._shown_for <= self._now():
            raise PublishingError(
                f"{name}: it was first published on {first.date()}, and its {self._shown_for.days} days are over; "
                "LEADGEN_DEMO_DAYS gives more"
            )

    def _publish(
        self,
        run: ProcessingRun,
        choices: Sequence[Choice],
        sites: dict[str, tuple[GeneratedSite, HostedSite]],
        public_url: str,
    ) -> list[Published]:
        wanted = [
            (
                choice.business,
                self._publication(run, choice.business, sites[choice.business.id][0], public_url),
            )
            for choice in choices
        ]
        live = {one.token: one for one in self.publications.live(host=self._host)}
        standing = {one.token for one in live.values() if not self.is_expired(one)}
        fresh = [
            sites[business.id][1]
            for business, publication in wanted
            if publication.token not in standing
            or live[publication.token].content_hash != publication.content_hash
        ]
        if fresh:
            host = open_host(self._host, self._access)
            self._begin(wanted, fresh)
            host.put(fresh, partial(self._standing, fresh))
        uploaded = {site.token for site in fresh}
        done, asked_meanwhile = [], []
        for business, publication in wanted:
            before, is_new = live.get(publication.token), publication.token in uploaded
            if before is not None and not is_new and _facts(before) == _facts(publication):
                done.append(Published(business=business, publication=before, is_new=False))
            elif self.publications.note_published(publication):
                done.append(Published(business=business, publication=publication, is_new=is_new))
            else:
                asked_meanwhile.append((business.name, publication.token))
        if asked_meanwhile:
            self._take_off(self._host, [token for _name, token in asked_meanwhile], Gone.TAKEN_DOWN)
            raise _just_asked(asked_meanwhile[0][0])
        self._leave_others([one.publication for one in done])
        return done

    def _begin(self, wanted: Sequence[tuple[Business, Publication]], fresh: Sequence[HostedSite]) -> None:
        """Written down before anything is sent: nothing is ever shown that no row leads to."""
        sent = {site.token for site in fresh}
        for business, publication in wanted:
            if publication.token in sent and not self.publications.note_begun(publication):
                raise _just_asked(business.name)

    def _publication(
        self, run: ProcessingRun, business: Business, site: GeneratedSite, public_url: str
    ) -> Publication:
        now = self._now()
        first = self.publications.first_published_at(business.fingerprint) or now
        return Publication(
            token=site.token,
            fingerprint=business.fingerprint,
            run_id=run.id,
            language=site.language,
            host=self._host,
            content_hash=site.content_hash,
            url=demo_url(public_url, site.token),
            first_published_at=first,
            published_at=now,
            expires_at=first + self._shown_for,
        )

    def _leave_others(self, publications: Sequence[Publication]) -> None:
        """A demo stands on one host: from the one that an earlier setting named it goes."""
        tokens = {publication.token for publication in publications}
        elsewhere = [
            one for one in self.publications.live() if one.token in tokens and one.host != self._host
        ]
        self._remove({Gone.REPLACED: elsewhere})

    def _remove(self, due: Mapping[Gone, Sequence[Publication]]) -> list[Publication]:
        """Takes them off their hosts and writes down that they are gone; gives them back.

        Raises:
            LeadgenError: the first of what failed; it is raised when every host has had its turn.
        """
        groups: dict[tuple[str, Gone], list[Publication]] = defaultdict(list)
        for because, publications in due.items():
            for publication in publications:
                groups[publication.host, because].append(publication)
        gone: list[Publication] = []
        errors: list[LeadgenError] = []
        for (host, because), publications in groups.items():
            try:
                with self._alone():
                    self._take_off(host, [publication.token for publication in publications], because)
            except LeadgenError as error:
                logger.warning("%d demos stay on %s for now: %s", len(publications), host, error)
                errors.append(error)
            else:
                gone.extend(publications)
        if errors:
            raise errors[0]
        return gone

    def _take_off(self, host: str, tokens: Sequence[str], because: Gone) -> None:
        """Off the host, and written down; with them goes what the host could not be given again."""
        broken: list[str] = []
        open_host(host, self._access).remove(tokens, partial(self._remaining, host, tokens, broken))
        self.publications.note_gone(host, tokens, at=self._now(), because=because)
        self.publications.note_gone(host, broken, at=self._now(), because=Gone.UNPUBLISHED)

    def _standing(self, put: Sequence[HostedSite]) -> list[HostedSite]:
        """All that the host is to show after these have come."""
        kept = self._kept(self._host, [site.token for site in put])
        return [*(self._stored(one.token, one.content_hash, one.url) for one in kept), *put]

    def _remaining(self, host: str, removed: Collection[str], broken: list[str]) -> list[HostedSite]:
        """All that a host is to show after these have gone.

        Args:
            broken: takes the tokens of those whose files are gone: nobody else's removal waits for them.
        """
        sites = []
        for one in self._kept(host, removed):
            try:
                sites.append(self._stored(one.token, one.content_hash, one.url))
            except PublishingError as error:
                logger.warning("%s; it goes from %s", error, host)
                broken.append(one.token)
        return sites

    def _kept(self, host: str, changed: Collection[str]) -> list[Publication]:
        """What else a host is to show, beside what a change is about."""
        asked = self.take_downs.days()
        return [
            one
            for one in self.publications.live(host=host)
            if one.is_whole
            and one.token not in changed
            and one.fingerprint not in asked
            and not self.is_expired(one)
        ]

    def _stored(self, token: str, digest: str, what: str) -> HostedSite:
        """A rendered site with its files, whose hash is what it is known by.

        Raises:
            PublishingError: its files are gone, or are others.
        """
        files = self._files.read_files(site_path(digest, ""))
        if content_hash(files) != digest:
            raise PublishingError(f"{what}: its stored files are gone or were changed; render it again")
        return HostedSite(token=token, content_hash=digest, files=files)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        Path(self._lock.lock_file).parent.mkdir(parents=True, exist_ok=True)
        try:
            with self._lock:
                yield
        except Timeout:
            raise SiteHostError(
                self._host, "another process has been publishing for ten minutes", is_retryable=True
            ) from None


def _facts(publication: Publication) -> Publication:
    """What of a publication is not when and by which run it was made."""
    return replace(publication, published_at=publication.first_published_at, run_id="")


def _stale_part(site: GeneratedSite, hosted: HostedSite, agency: Agency, public_url: str) -> str | None:
    """What of a demo was rendered under other settings than it is published with; None where nothing was."""
    if hosted.files.get(TAKE_DOWN_FILE) != take_down_page(agency, site.language, site.token):
        return "its take-down page is not the one that agency.yaml gives now"
    canonical = LexborHTMLParser(hosted.files["index.html"].decode()).css_first('link[rel="canonical"]')
    said, url = canonical and canonical.attributes.get("href"), demo_url(public_url, site.token)
    return None if said == url else f"its page gives {said or 'no address'} as its own, not {url}"


def _just_asked(name: str) -> PublishingError:
    return PublishingError(f"{name}: it has just asked that its demo is taken down")
