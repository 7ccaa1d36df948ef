"""An order as config of a job in the UI: typed for the form, checked by the order desk."""

import dagster as dg


class OrderConfig(dg.Config):
    """The fields of `ProcessingRunConfig`, as the launchpad shows them."""

    location: str
    niche: str
    sources: list[str] = []  # noqa: RUF012  # pydantic copies it
    """NAME or NAME:FILE, e.g. overpass, osm:region.osm.pbf or csv:leads.csv; empty means the file that is set up, else
    overpass."""
    max_businesses: int = 50
    score_threshold: int | None = None
    """A website that scores below it is weak; without one the rubric file's, else 70."""
    audit_weakest: int = 0
    """So many websites, the weakest, get a second look in a browser (0 to 200)."""
    rubric_file: str | None = None
    """Path of a YAML file with weights of your own, on the machine that Dagster runs on."""
    column_map: dict[str, str] = {}  # noqa: RUF012  # pydantic copies it
    """Headers of your own list -> name, street, city, phone and so on, where they are not understood."""
    language: str | None = None
    budget_usd: float | None = None

    def fields(self) -> dict[str, object]:
        """For the order desk; an amount that was typed as a float means the decimal that was typed."""
        fields = self.model_dump()
        if self.score_threshold is None:
            del fields["score_threshold"]
        fields["budget_usd"] = None if self.budget_usd is None else str(self.budget_usd)
        return fields
