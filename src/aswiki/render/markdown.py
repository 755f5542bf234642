"""A document and a template laid out as Markdown; every value is escaped unless a filter did it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aswiki.domain.vocabulary import DEFAULT, Vocabulary
from aswiki.errors import Unusable
from aswiki.lang import _
from aswiki.render import escaping

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


@dataclass(frozen=True)
class Template:
    """A Jinja2 template; one that did not come with the program runs in a sandbox."""

    name: str
    text: str
    trusted: bool


@dataclass(frozen=True)
class Names:
    """How keys and ids are called.

    Args:
        language: of labels, zh or en.
        zone: in which times are shown.
        vocabulary: the words with their labels.
        people: a colleague's id → their name.
        departments: a department's slug → its name.
        contacts: a customer's slug → a contact's id → their name.
    """

    language: str
    zone: tzinfo
    vocabulary: Vocabulary = DEFAULT
    people: Mapping[str, str] = field(default_factory=dict)
    departments: Mapping[str, str] = field(default_factory=dict)
    contacts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def label(self, key: str | None, vocabulary: str) -> str:
        """The label of a vocabulary's key; empty for none."""
        return self.vocabulary.label(vocabulary, key, self.language) if key else ""

    def department(self, slug: str | None) -> str:
        """A department's name, or the words as they stand."""
        return self.departments.get(slug, slug) if slug else ""

    def person(self, own: str | None, customer: str = "") -> str:
        """The name of a colleague or of the customer's contact, or the words as they stand."""
        if not own:
            return ""
        return self.people.get(own) or self.contacts.get(customer, {}).get(own) or own

    def when(self, moment: datetime | date | None, form: str = "") -> str:
        """A time in the zone to the minute, a bare date without; ``form`` is strftime's."""
        if moment is None:
            return ""
        if not isinstance(moment, datetime):
            return moment.strftime(form.partition(" %H")[0]) if form else moment.isoformat()
        there = moment.astimezone(self.zone)
        return there.strftime(form) if form else there.strftime("%Y-%m-%d %H:%M")


Find = Callable[[str], Template | None]


@dataclass(frozen=True)
class Layouts:
    """The templates of a run, each read and compiled once.

    Args:
        find: a template by its name, None where there is none of that name.
        names: how keys and ids are called.
        trusted: whether all of them came with the program; else they run in a sandbox.
    """

    find: Find
    names: Names
    trusted: bool

    def markdown(self, name: str, document: Mapping[str, Any]) -> str:
        """The document laid out by a template and those it includes, one newline at its end.

        Raises:
            Unusable: ``bad-template``: a template of the wiki's own cannot be used.
        """
        from jinja2 import TemplateError

        try:
            laid_out = self._environment.get_template(name).render(document)
        except (
            TemplateError,
            ArithmeticError,
            LookupError,
            RecursionError,
            TypeError,
            ValueError,
        ) as error:
            if self.trusted:
                raise
            raise _unusable(name, error) from error
        return _tidy(laid_out)

    @cached_property
    def _environment(self) -> Environment:
        from jinja2 import Environment, FunctionLoader, StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        kind = Environment if self.trusted else ImmutableSandboxedEnvironment
        environment = kind(
            autoescape=True,  # what finalize made safe stays as it is; there is nothing else
            auto_reload=False,
            finalize=_shown,
            keep_trailing_newline=True,
            loader=FunctionLoader(self._text),
            lstrip_blocks=True,
            trim_blocks=True,
            undefined=StrictUndefined,
        )
        environment.filters.update(_filters(self.names))
        return environment

    def _text(self, name: str) -> str | None:
        found = self.find(name)
        return None if found is None else found.text


def markdown(template: Template, document: Mapping[str, Any], names: Names) -> str:
    """The document laid out by one template, with one newline at its end.

    Raises:
        Unusable: ``bad-template``: the wiki's own template cannot be used.
    """
    return Layouts({template.name: template}.get, names, template.trusted).markdown(
        template.name, document
    )


def _unusable(name: str, error: Exception) -> Unusable:
    from jinja2 import TemplateSyntaxError

    if isinstance(error, TemplateSyntaxError):
        name = f"{error.name or name}:{error.lineno}"
    return Unusable(
        "bad-template",
        _("The template {name} cannot be used: {why}.").format(
            name=f"templates/{name}", why=str(error).rstrip(".")
        ),
        _("Mend it, or take it away to use the packaged one."),
    )


def _tidy(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n"


def _shown(value: object) -> Markup:
    """Any value of a template as Markdown: escaped, unless it is Markdown already."""
    from markupsafe import Markup

    if isinstance(value, Markup):
        return value
    if value is None:
        return Markup()
    return _safe(escaping.inline(format(value, "f") if isinstance(value, Decimal) else str(value)))


def _safe(text: str) -> Markup:
    """Markdown that was escaped or made here, so that it is not escaped again."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - the escaping is Markdown's, done by the callers


def _filters(names: Names) -> dict[str, Callable[..., object]]:
    return {
        "amount": _amount,
        "change": _change,
        "code": _code,
        "department": names.department,
        "excerpt": _excerpt,
        "label": names.label,
        "listed": _listed,
        "percent": _percent,
        "signed": _signed,
        "person": names.person,
        "when": names.when,
    }


def _amount(value: Decimal | int | None) -> str:
    return "" if value is None else f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


def _change(now: Decimal | int, before: Decimal | int) -> str:
    return _signed(now - before)


def _signed(value: Decimal | int) -> str:
    return f"+{_amount(value)}" if value > 0 else _amount(value).replace("-", "−")


def _percent(value: Decimal | None) -> str:
    """A change in percent to one decimal, with its sign; empty where there is none."""
    if value is None:
        return ""
    rounded = round(value, 1)
    return f"{rounded:+}%".replace("-", "−") if rounded else "0.0%"


def _code(value: object) -> Markup:
    return _safe(escaping.code(str(value)))


def _listed(values: Iterable[object], separator: str = ", ") -> Markup:
    """What is not empty of the values, each escaped, joined by a separator."""
    return _safe(separator.join(text for value in values if (text := str(_shown(value)))))


def _excerpt(text: str | None, length: int = 120) -> str:
    """The first paragraph of a prose on one line, cut with an ellipsis."""
    first = re.split(r"\n[ \t]*\n", (text or "").strip())[0]
    line = " ".join(first.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
