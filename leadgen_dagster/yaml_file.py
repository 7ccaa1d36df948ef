"""A YAML file that a person wrote: every value is looked at together with the line it stands on."""

from collections.abc import Collection
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

from leadgen_dagster.errors import FileError

MAX_BYTES = 5_000_000


def content_of(path: Path) -> bytes:
    """The bytes of a file that a person named.

    Raises:
        FileError: it cannot be read, or is too large to have been written by hand.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise FileError(path, "no such file") from None
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror}") from None
    if len(content) > MAX_BYTES:
        raise FileError(path, f"is larger than {MAX_BYTES // 1_000_000} MB")
    return content


class YamlFile:
    """One reading of a file; nothing of it is constructed, so that no value is taken for what it is not.

    Args:
        path: what the file is called; for messages.
        content: its bytes.
    """

    def __init__(self, path: Path | str, content: bytes) -> None:
        self.path = path
        self._content = content

    def root(self) -> Node | None:
        """The whole file; None where it is empty.

        Raises:
            FileError: it is no YAML.
        """
        try:
            return yaml.compose(self._content.decode("utf-8-sig"), Loader=yaml.SafeLoader)
        except UnicodeDecodeError as error:
            raise FileError(self.path, f"cannot be read as UTF-8 text: {error}") from None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            raise FileError(self.path, f"is not valid YAML: {error.problem}", line=line) from None
        except (yaml.YAMLError, RecursionError) as error:
            raise FileError(self.path, f"is not valid YAML: {error}") from None

    def pairs(self, node: Node, what: str) -> dict[str, tuple[Node, Node]]:
        """A mapping's keys and values by the key's text.

        Raises:
            FileError: it is no mapping, or a key stands twice.
        """
        if not isinstance(node, MappingNode):
            raise self.error(node, what)
        found: dict[str, tuple[Node, Node]] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, ScalarNode) else "?"
            if name in found:
                raise self.error(key, f"{name} stands here a second time")
            found[name] = (key, value)
        return found

    def fields(self, node: Node, what: str, allowed: Collection[str]) -> dict[str, Node]:
        """The values of a mapping whose keys are known.

        Raises:
            FileError: a key is unknown or stands twice.
        """
        known = ", ".join(allowed)
        pairs = self.pairs(node, f"{what} must be a mapping of {known}")
        for name, (key, _) in pairs.items():
            if name not in allowed:
                raise self.error(key, f"unknown key {name!r}; known keys are {known}")
        return {name: value for name, (_, value) in pairs.items()}

    def error(self, node: Node, message: str) -> FileError:
        return FileError(self.path, message, line=node.start_mark.line + 1)


def is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null"
