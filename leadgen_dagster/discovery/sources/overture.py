"""Places of the Overture Maps Foundation: GeoParquet by its Places schema, of either generation of the categories.

Source of the columns: https://docs.overturemaps.org/schema/reference/places/place/. Releases lie in
`s3://overturemaps-us-west-2/release/<release>/theme=places/type=place`.
"""

import math
from datetime import date

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
    part_of,
    sub_niche_of,
    text_of,
    texts_of,
)

MIN_CONFIDENCE = 0.5
"""Below it, a record is more likely no place than one, by Overture's own reckoning."""


class OvertureSource(ParquetSource):
    """A release of Overture's places, or a part of one."""

    name = "overture"
    licence = policies()["overture"].licence
    attribution = policies()["overture"].attribution
    layout = Layout(
        needed={
            "id": ("id",),
            "name": ("names.primary",),
            "category": ("taxonomy.primary", "categories.primary", "basic_category"),
        },
        optional=(
            "taxonomy.hierarchy",
            "taxonomy.alternates",
            "categories.alternate",
            "confidence",
            "websites",
            "socials",
            "emails",
            "phones",
            "brand.names.primary",
            "brand.wikidata",
            "addresses",
            "operating_status",
            "sources.*.dataset",
            "sources.*.license",
            "sources.*.update_time",
        ),
        corners=(Corners(west="bbox.xmin", east="bbox.xmax", south="bbox.ymin", north="bbox.ymax"),),
        geometry="geometry",
    )
    address_columns = AddressColumns(
        town="addresses.*.locality", region="addresses.*.region", country="addresses.*.country"
    )

    def id_of(self, record: Record) -> str | None:
        return text_of(record.get("id"))

    def name_of(self, record: Record) -> str | None:
        return text_of(part_of(record.get("names"), "primary"))

    def categories(self, record: Record) -> Categories:
        """The newer generation also names the wider categories that the main one belongs to."""
        taxonomy, categories = record.get("taxonomy"), record.get("categories")
        path = dict.fromkeys(
            (
                *texts_of(part_of(taxonomy, "hierarchy"))[:-1],
                *texts_of(record.get("basic_category")),
                *texts_of(part_of(taxonomy, "primary")),
            )
        )
        main = (" > ".join(path), *texts_of(part_of(categories, "primary")))
        others = (*texts_of(part_of(taxonomy, "alternates")), *texts_of(part_of(categories, "alternate")))
        return tuple(filter(None, main)), others

    def address(self, record: Record) -> Address:
        """The first one."""
        addresses = record.get("addresses")
        first = addresses[0] if isinstance(addresses, list) and addresses else None
        return Address(
            street=text_of(part_of(first, "freeform")),
            postcode=text_of(part_of(first, "postcode")),
            town=text_of(part_of(first, "locality")),
            region=text_of(part_of(first, "region")),
            country=country_code(text_of(part_of(first, "country")) or ""),
        )

    def doubt(self, record: Record) -> str | None:
        confidence = record.get("confidence")
        if isinstance(confidence, int | float) and confidence < MIN_CONFIDENCE:
            return f"for a confidence below {MIN_CONFIDENCE:g}"
        return None

    def place(self, record: Record, *, niche: Niche, address: Address, point: Point | None) -> Place:
        category = _category(record)
        brand = record.get("brand")
        latitude, longitude = point or (None, None)
        return Place(
            source=self.name,
            source_id=self.id_of(record) or "",
            name=self.name_of(record) or "",
            niche=niche.key,
            sub_niche=sub_niche_of(category.replace("_", " "), niche) if category else None,
            street=address.street,
            postcode=address.postcode,
            city=address.town,
            country=address.country,
            latitude=latitude,
            longitude=longitude,
            phone=";".join(texts_of(record.get("phones"))) or None,
            email=";".join(texts_of(record.get("emails"))) or None,
            website=own_website(texts_of(record.get("websites"))),
            social_profiles=texts_of(record.get("socials")),
            brand=text_of(part_of(part_of(brand, "names"), "primary")) or text_of(part_of(brand, "wikidata")),
            is_closed=text_of(record.get("operating_status")) == "permanently_closed",
            last_edited=_last_edited(record),
            tags=_tags(record, category),
        )


def _last_edited(record: Record) -> date | None:
    """The newest day on which one of its sources changed it."""
    sources = record.get("sources")
    days = [day_of(part_of(item, "update_time")) for item in sources] if isinstance(sources, list) else []
    return max((day for day in days if day), default=None)


def _category(record: Record) -> str | None:
    """The closest that it names."""
    said = (
        part_of(record.get("taxonomy"), "primary"),
        part_of(record.get("categories"), "primary"),
        record.get("basic_category"),
    )
    return next(filter(None, map(text_of, said)), None)


def _tags(record: Record, category: str | None) -> dict[str, str]:
    """Whose record it was, and on what terms: a release mixes providers with licences of their own."""
    sources = record.get("sources")
    given = sources if isinstance(sources, list) else []
    confidence = record.get("confidence")
    tags = {
        "category": category or "",
        "operating_status": text_of(record.get("operating_status")) or "",
        "dataset": ";".join(texts_of([part_of(item, "dataset") for item in given])),
        "dataset_licence": ";".join(texts_of([part_of(item, "license") for item in given])),
        "confidence": f"{confidence:.2f}"
        if isinstance(confidence, float) and math.isfinite(confidence)
        else "",
    }
    return {key: value for key, value in tags.items() if value}
