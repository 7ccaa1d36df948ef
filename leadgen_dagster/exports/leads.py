"""One lead with everything that is known of it, joined for export."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.outreach.campaigns import CampaignRefusal, OutreachCampaign
from leadgen_dagster.scoring.contact_points import Contact
from leadgen_dagster.scoring.reachability import Reachability, reachability
from leadgen_dagster.scoring.scores import WebsiteScore
from leadgen_dagster.sites.generated import GeneratedSite


@dataclass(frozen=True, kw_only=True)
class Lead:
    business: Business
    score: WebsiteScore
    contacts: tuple[Contact, ...] = ()
    site: GeneratedSite | None = None
    campaign: OutreachCampaign | None = None
    refusal: CampaignRefusal | None = None
    """Why there is no campaign."""
    pictures: Mapping[str, str] = field(default_factory=dict)
    """Its website as a second look saw it: device -> the picture's SHA-256."""
    looked_on: date | None = None
    """The day its website was looked at; None where there is none to look at."""

    @cached_property
    def ways(self) -> Reachability:
        """By what it can be reached."""
        return reachability(
            self.business,
            self.contacts,
            state=self.score.website_state,
            cause=self.score.state_cause,
            discrepancies=self.score.discrepancies,
        )
