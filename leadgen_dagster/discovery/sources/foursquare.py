"""Foursquare's Open Source Places: Parquet, with the column names of this and the earlier flat files.

Source of the columns: https://docs.foursquare.com/data-products/docs/places-os-data-schema.
"""

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.countries import country_code
from leadgen_dagster.discovery.geography import Point
from leadgen_dagster.discovery.niches import Niche
from leadgen_dagster.discovery.normalise import own_website
from leadgen_dagster.discovery.policies import policies
from leadgen_dagster.discovery.sources.parquet_ground import Address, AddressColumns
from leadgen_dagster.discovery.sources.parquet_layout import Corners, Layout, Record
from leadgen_dagster.discovery.sources.parquet_places import Categories, ParquetSource
from leadgen_dagster.discovery.sources.parquet_values import (
    day_of,
    sub_niche_of,
    text_of,
    texts_of,
)

ID_COLUMNS = ("fsq_place_id", "fsq_id")
LABEL_COLUMNS = ("fsq_category_labels", "category_labels")
PROFILES = {
    "facebook_id": "https://www.facebook.com/",
    "instagram": "https://www.instagram.com/",
    "twitter": "https://www.twitter.com/",
}
NO_PLACES = frozenset({"delete", "doesnt_exist", "duplicate", "inappropriate", "privatevenue"})
"""Flags that people have raised on a record and nobody has settled yet."""


class FoursquareSource(ParquetSource):
    """A release of Foursquare's open places, or a part of one."""

    name = "foursquare"
    licence = policies()["foursquare"].licence
    attribution = policies()["foursquare"].attribution
    layout = Layout(
        needed={"id": ID_COLUMNS, "name": ("name",), "category": LABEL_COLUMNS},
        optional=(
            "address",
            "locality",
            "post_town",
            "region",
            "postcode",
            "country",
            "date_refreshed",
            "date_closed",
            "tel",
            "website",
            "email",
            "unresolved_flags",
            *PROFILES,
        ),
        corners=(
            Corners(west="longitude", east="longitude", south="latitude", north="latitude"),
            Corners(west="bbox.xmin", east="bbox.xmax", south="bbox.ymin", north="bbox.ymax"),
        ),
        geometry="geom",
    )
    address_columns = AddressColumns(town="locality", region="region", country="country")

    def id_of(self, record: Record) -> str | None:
        return next((found for name in ID_COLUMNS if (found := text_of(record.get(name)))), None)

    def name_of(self, record: Record) -> str | None:
        return text_of(record.get("name"))

    def categories(self, record: Record) -> Categories:
        """Paths such as `Dining and Drinking > Restaurant > Pizzeria`; the first is the main one."""
        labels = next((found for name in LABEL_COLUMNS if (found := texts_of(record.get(name)))), ())
        return labels[:1], labels[1:]

    def address(self, record: Record) -> Address:
        return Address(
            street=text_of(record.get("address")),
            postcode=text_of(record.get("postcode")),
            town=text_of(record.get("locality")) or text_of(record.get("post_town")),
            region=text_of(record.get("region")),
            country=country_code(text_of(record.get("country")) or ""),
        )

    def doubt(self, record: Record) -> str | None:
        is_flagged = not NO_PLACES.isdisjoint(texts_of(record.get("unresolved_flags")))
        return "because they are flagged as no places" if is_flagged else None

    def place(self, record: Record, *, niche: Niche, address: Address, point: Point | None) -> Place:
        labels, _others = self.categories(record)
        latitude, longitude = point or (None, None)
        return Place(
            source=self.name,
            source_id=self.id_of(record) or "",
            name=self.name_of(record) or "",
            niche=niche.key,
            sub_niche=sub_niche_of(labels[0].rpartition(">")[2], niche) if labels else None,
            street=address.street,
            postcode=address.postcode,
            city=address.town,
            country=address.country,
            latitude=latitude,
            longitude=longitude,
            phone=text_of(record.get("tel")),
            email=text_of(record.get("email")),
            website=own_website(texts_of(record.get("website"))),
            social_profiles=_profiles(record),
            is_closed=record.get("date_closed") not in (None, ""),
            last_edited=day_of(record.get("date_refreshed")),
            tags={"category": labels[0]} if labels else {},
        )


def _profiles(record: Record) -> tuple[str, ...]:
    """Account names and numbers as addresses."""
    found = ((address, str(record.get(name) or "").strip()) for name, address in PROFILES.items())
    return tuple(
        account if "/" in account else address + account.removeprefix("@")
        for address, account in found
        if account
    )
