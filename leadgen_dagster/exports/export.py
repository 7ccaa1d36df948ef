"""The files of one run's export, and the proof that they hold what they should."""

from collections import Counter
from collections.abc import Mapping, Sequence

from leadgen_dagster.exports.columns import columns_of, in_order, lead_table
from leadgen_dagster.exports.formats import FORMATS
from leadgen_dagster.exports.leads import Lead

FILES = {f"leads{form.suffix}": form for form in FORMATS.values()}
"""What an export consists of: file name -> format."""


def build_exports(leads: Sequence[Lead], *, run_id: str) -> dict[str, bytes]:
    """The leads in every format: file name -> bytes, the same for the same leads.

    Raises:
        StageError: an excluded business is among them.
    """
    frame = lead_table(leads, run_id=run_id)
    columns = columns_of(run_id)
    return {name: form.write(frame, columns) for name, form in FILES.items()}


def export_faults(files: Mapping[str, bytes], leads: Sequence[Lead]) -> list[str]:
    """Reads the files back: a sentence for each that does not hold exactly the leads, in order."""
    wanted = [lead.business.id for lead in in_order(leads)]
    faults = []
    for name, form in FILES.items():
        if name not in files:
            faults.append(f"{name}: missing")
        elif (found := form.read_ids(files[name])) != wanted:
            faults.append(f"{name}: {_difference(found, wanted)}")
    return faults


def _difference(found: Sequence[str], wanted: Sequence[str]) -> str:
    missing, extra = Counter(wanted) - Counter(found), Counter(found) - Counter(wanted)
    if not missing and not extra:
        return f"the {len(found)} rows stand in another order than the leads"
    return (
        f"{len(found)} rows for {len(wanted)} leads; missing: {_few(missing)}; not asked for: {_few(extra)}"
    )


def _few(ids: Counter[str]) -> str:
    names = sorted(ids.elements())
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "") or "none"
