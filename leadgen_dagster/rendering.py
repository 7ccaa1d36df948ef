"""The one jinja environment: every page, message and report is escaped, and has nothing undefined."""

import re
from functools import cache
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined, select_autoescape

TEMPLATE_PACKAGES = ("sites", "outreach", "exports", "web")
DEAD_LINK = "#"
_SAFE_URL = re.compile(r"(?:https?://|tel:|mailto:)[^\s\x00-\x20\x7f]+", re.IGNORECASE)


def render(template_name: str, /, **values: object) -> str:
    """Renders a template named by its path in the package, e.g. `sites/themes/harbour/index.html`."""
    return environment().get_template(template_name).render(values)


@cache
def environment() -> Environment:
    """Everything but `.txt` is escaped; a variable that is not there is an error."""
    loaders = {name: PackageLoader("leadgen_dagster", name) for name in TEMPLATE_PACKAGES}
    made = Environment(
        loader=PrefixLoader(loaders),
        autoescape=select_autoescape(enabled_extensions=(), disabled_extensions=("txt",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
    made.filters["safe_url"] = safe_url
    made.tests["safe_url"] = is_safe_url
    return made


def is_safe_url(url: str) -> bool:
    """Whether a link may lead there: http, https, tel or mailto, well-formed, and no character a browser skips."""
    try:
        urlsplit(url)
    except ValueError:
        return False
    return _SAFE_URL.fullmatch(url) is not None


def safe_url(url: str) -> str:
    """The filter for every `href` that comes from outside: what must not be a link leads nowhere."""
    return url if is_safe_url(url) else DEAD_LINK
