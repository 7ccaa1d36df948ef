"""Second looks remembered between attempts; written down one by one, since each takes seconds or minutes."""

from leadgen_dagster.db.memos import AuditedPages
from leadgen_dagster.scoring.audits import AuditedPage, AuditMethod


class AuditMemory:
    """The memo of one attempt."""

    def __init__(self, audits: AuditedPages) -> None:
        self._audits = audits
        self._known = audits.current()
        self._earlier = audits.earlier()
        self.pages_audited = 0

    def get(self, url: str, method: AuditMethod) -> AuditedPage | None:
        known = self._known.get((method, url))
        return known and self._to_go_by(known)

    def put(self, audit: AuditedPage) -> AuditedPage:
        self.pages_audited += 1
        self._audits.add([audit])
        self._known[(audit.method, audit.url)] = audit
        return self._to_go_by(audit)

    def _to_go_by(self, audit: AuditedPage) -> AuditedPage:
        """A refresh that fails gives way to what was seen before."""
        earlier = self._earlier.get((audit.method, audit.url))
        return earlier if earlier and earlier.is_done and not audit.is_done else audit
