"""The second way to edit front matter: through ruamel.yaml, which keeps comments and quotes.

Only imported where editing by spans failed. Plain scalars go through as the texts they are, for
ruamel.yaml's numbers and times would not all come back as they were written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from ruamel.yaml.tag import Tag

from aswiki.store.yaml12_dump import is_sequence
from aswiki.store.yaml12_scalar import meaning, scalar


class _TextResolver(VersionedResolver):  # type: ignore[misc, unused-ignore]
    """Takes every plain scalar but those for nothing as text."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:  # noqa: ANN401
        if kind is ScalarNode and implicit[0] and meaning(value) is not None:
            return Tag(suffix="tag:yaml.org,2002:str")
        return super().resolve(kind, value, implicit)


def edited(front: str, change: Callable[[Any, Callable[[Any], Any]], Any]) -> str | None:
    """The text after the change, None where ruamel.yaml cannot read it.

    Args:
        front: a YAML mapping.
        change: changes the mapping it is given, storing what its second argument makes of a value.
    """
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 2**30
    yaml.Resolver = _TextResolver
    if "\n  - " in front:
        yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    try:
        data = yaml.load(front)
        yaml.dump(change(CommentedMap() if data is None else data, _made), out)
    except YAMLError:
        return None
    return out.getvalue()


def _made(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Mapping):
        made = CommentedMap()
        made.update({key: _made(part) for key, part in value.items()})
        return made
    if is_sequence(value):
        return CommentedSeq(map(_made, value))
    if value is None:
        return None
    text = scalar(value)
    if isinstance(value, str) and text != value:
        return DoubleQuotedScalarString(value)
    return text
