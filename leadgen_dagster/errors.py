"""Every error this project raises on purpose.

LeadgenError
├── UserError              the person can mend it: one line, exit code 2
│   ├── OrderError         a field of an order is wrong
│   ├── SettingsError      a LEADGEN_* setting is wrong
│   ├── FileError          a file the person gave is wrong: path, line, what is allowed
│   └── PublishingError    a demo that must not be published, and why
├── SourceError            a place source could not answer (`is_retryable` says whether later may help)
├── LlmError               the language model gave nothing usable (`is_retryable`)
├── SiteHostError          a host of demos refused, or could not be reached (`is_retryable`)
├── BudgetExceededError    the order's budget is spent
├── SupersededError        a newer attempt of the same asset has begun; this one must not publish
└── StageError             a stage cannot do its work, and trying again unchanged will not help
"""

from pathlib import Path


class LeadgenError(Exception):
    """Base of all; its text is one clear line for a person.

    Attributes:
        is_retryable: whether the same call may succeed later without anybody changing anything.
    """

    is_retryable = False


class UserError(LeadgenError):
    """The person can mend it."""


class OrderError(UserError):
    """A field of an order is wrong."""

    def __init__(self, field: str, value: object, allowed: str) -> None:
        self.field = field
        self.value = value
        self.allowed = allowed
        told = "" if value is None else f"{_short(value)} is not allowed; "
        super().__init__(f"{field}: {told}{allowed}")


class SettingsError(UserError):
    """A LEADGEN_* setting is wrong or missing."""


class FileError(UserError):
    """A file the person gave is wrong."""

    def __init__(self, path: Path | str, message: str, *, line: int | None = None) -> None:
        self.path = Path(path)
        self.line = line
        place = f"{path}:{line}" if line is not None else str(path)
        super().__init__(f"{place}: {message}")


class PublishingError(UserError):
    """A demo must not be published."""


class SourceError(LeadgenError):
    """A place source could not answer."""

    def __init__(self, source: str, message: str, *, is_retryable: bool = False) -> None:
        self.source = source
        self.is_retryable = is_retryable
        super().__init__(f"source {source}: {message}")


class LlmError(LeadgenError):
    """The language model gave nothing usable."""

    def __init__(self, message: str, *, is_retryable: bool = False) -> None:
        self.is_retryable = is_retryable
        super().__init__(message)


class SiteHostError(LeadgenError):
    """A host of demos did not do what it was asked; what was there before is there still."""

    def __init__(self, host: str, message: str, *, is_retryable: bool = False) -> None:
        self.host = host
        self.is_retryable = is_retryable
        super().__init__(f"host {host}: {message}")


class BudgetExceededError(LeadgenError):
    """The order's budget would be exceeded by the next call."""


class SupersededError(LeadgenError):
    """A newer attempt of the same (run, asset) has begun."""


class StageError(LeadgenError):
    """A stage cannot do its work."""


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
