"""How a fetch fails: one exception, the outcome it stands for, and the sentences people read.

The network and the demo town raise the same ones.
"""

from datetime import date

from leadgen_dagster.errors import LeadgenError
from leadgen_dagster.scoring.snapshots import FetchOutcome


class FetchError(LeadgenError):
    """A fetch came to nothing usable; never leaves the fetcher, which makes a `FetchedPage` of it."""

    def __init__(self, outcome: FetchOutcome, message: str) -> None:
        self.outcome = outcome
        super().__init__(message)


def bad_url(message: str) -> FetchError:
    return FetchError(FetchOutcome.BAD_URL, message)


def name_unknown(host: str) -> FetchError:
    return FetchError(FetchOutcome.DNS_FAILURE, f"the name {host} does not resolve")


def address_denied(host: str, network: str) -> FetchError:
    return FetchError(FetchOutcome.ADDRESS_DENIED, f"{host} resolves into {network}")


def connection_failed(host: str, reason: str = "the connection was refused") -> FetchError:
    return FetchError(FetchOutcome.CONNECTION_FAILURE, f"{host}: {reason}")


def certificate_expired(day: date | None) -> FetchError:
    when = f" on {day.isoformat()}" if day else ""
    return FetchError(FetchOutcome.TLS_FAILURE, f"certificate expired{when}")


def tls_failed(reason: str) -> FetchError:
    return FetchError(FetchOutcome.TLS_FAILURE, reason)


def timed_out(seconds: float) -> FetchError:
    return FetchError(FetchOutcome.TIMEOUT, f"no complete answer within {seconds:g} s")


def too_large(limit_bytes: int, what: str) -> FetchError:
    return FetchError(FetchOutcome.TOO_LARGE, f"{what} is larger than {limit_bytes / 1_000_000:g} MB")


def bad_encoding(message: str) -> FetchError:
    return FetchError(FetchOutcome.BAD_ENCODING, message)


def robots_denied(reason: str) -> FetchError:
    return FetchError(FetchOutcome.ROBOTS_DENIED, reason)


def too_many_redirects(reason: str) -> FetchError:
    return FetchError(FetchOutcome.TOO_MANY_REDIRECTS, reason)
