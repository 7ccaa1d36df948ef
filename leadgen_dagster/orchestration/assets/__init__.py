"""The eight assets. Each reads its partition, calls one domain function, publishes, reports."""

from leadgen_dagster.orchestration.assets.audits import page_audits
from leadgen_dagster.orchestration.assets.discovery import businesses
from leadgen_dagster.orchestration.assets.exports import lead_export
from leadgen_dagster.orchestration.assets.outreach import outreach_campaigns
from leadgen_dagster.orchestration.assets.scoring import contacts, page_snapshots, website_scores
from leadgen_dagster.orchestration.assets.sites import generated_sites

ASSETS = [
    businesses,
    page_snapshots,
    contacts,
    page_audits,
    website_scores,
    generated_sites,
    outreach_campaigns,
    lead_export,
]
