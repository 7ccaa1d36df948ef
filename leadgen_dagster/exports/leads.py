"""One lead with everything that is known of it, joined for export."""

from dataclasses import dataclass

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.outreach.campaigns import OutreachCampaign
from leadgen_dagster.scoring.contact_points import Contact
from leadgen_dagster.scoring.scores import WebsiteScore
from leadgen_dagster.sites.generated import GeneratedSite


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    business: Business
    score: WebsiteScore
    contacts: tuple[Contact, ...] = ()
    site: GeneratedSite | None = None
    campaign: OutreachCampaign | None = None
