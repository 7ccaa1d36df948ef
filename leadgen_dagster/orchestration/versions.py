"""Code versions: what a stage's rows depend on besides its input.

An asset's version contains the versions of what it reads, since Dagster marks as stale only the asset whose own
version changed. The tables that people edit (niches, rubric, themes, messages, columns) count by their content;
a change of the code beside them is told by raising the stage's number here.
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from leadgen_dagster.discovery.discover import tables_hash
from leadgen_dagster.exports.columns import LEAD_COLUMNS
from leadgen_dagster.orchestration.flow import READS
from leadgen_dagster.scoring.hybrid import HYBRID_VERSION
from leadgen_dagster.scoring.opportunity import OPPORTUNITY_VERSION
from leadgen_dagster.scoring.rubric import RUBRIC

OWN_VERSIONS: Mapping[str, int] = {
    "businesses": 2,
    "page_snapshots": 2,
    "contacts": 2,
    "page_audits": 1,
    "website_scores": 2,
    "generated_sites": 3,
    "outreach_campaigns": 2,
    "lead_export": 3,
}

CODE_SUFFIXES = (".py", ".pyc")


def _folder_hash(package: str) -> str:
    """Over everything in a package that is not code: templates, styles, fonts, tables of words."""
    digest = hashlib.sha256()

    def walk(folder: Traversable, prefix: str) -> None:
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if entry.is_dir():
                if entry.name != "__pycache__":
                    walk(entry, f"{prefix}{entry.name}/")
            elif not entry.name.endswith(CODE_SUFFIXES):
                digest.update(f"{prefix}{entry.name}\n".encode())
                digest.update(hashlib.sha256(entry.read_bytes()).digest())

    walk(files("leadgen_dagster").joinpath(*package.split(".")), "")
    return digest.hexdigest()


TABLES: Mapping[str, Callable[[], str]] = {
    "businesses": tables_hash,
    "page_audits": lambda: RUBRIC.hash,  # it chooses the weakest
    "website_scores": lambda: f"{RUBRIC.hash}:{OPPORTUNITY_VERSION}:{HYBRID_VERSION}",
    "generated_sites": lambda: _folder_hash("sites"),
    "outreach_campaigns": lambda: _folder_hash("outreach"),
    "lead_export": lambda: f"{_folder_hash('exports')}:{','.join(column.name for column in LEAD_COLUMNS)}",
}


@cache
def code_version(stage: str) -> str:
    """Twelve hex digits: of the stage's own number and tables, and of what it reads."""
    own = f"{OWN_VERSIONS[stage]}:{TABLES[stage]() if stage in TABLES else ''}"
    upstream = ",".join(code_version(read) for read in READS[stage])
    return hashlib.sha256(f"{stage}:{own}:{upstream}".encode()).hexdigest()[:12]
