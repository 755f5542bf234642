"""The charts of a report's sections with their words in the language of the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from aswiki.lang import N_, written
from aswiki.render.chart import (
    Chart,
    IncidentChart,
    Outcome,
    PromiseChart,
    Series,
    SpendChart,
    Swing,
    Weather,
    WeatherStrip,
)

if TYPE_CHECKING:
    from aswiki.render.markdown import Names

_TITLES = {
    "spend": N_("Spend by month"),
    "incidents": N_("Incidents by month and severity"),
    "promises": N_("Promises by outcome"),
    "weather": N_("Weather by month"),
}
_MONTH, _COUNT, _OUTCOME = N_("Month"), N_("Count"), N_("Outcome")
_OVERDUE = N_("Overdue")


def charts(document: Mapping[str, Any], names: Names) -> dict[str, Chart]:
    """Every chart of a report's sections by its id."""
    return {
        own: _MAKERS[data["kind"]](data, names)
        for section in document["sections"]
        for own, data in section.get("charts", {}).items()
    }


def _said(kind: str, names: Names) -> dict[str, str]:
    title = written(_TITLES[kind], names.language)
    return {"title": title, "alt": title, "heading": written(_MONTH, names.language)}


def _series(data: Mapping[str, Any]) -> tuple[Series, ...]:
    return tuple(Series(one["name"], tuple(one["values"])) for one in data["series"])


def _spend(data: Mapping[str, Any], names: Names) -> Chart:
    swings = tuple(
        Swing(one["series"], one["month"], one["text"], one["up"]) for one in data.get("swings", ())
    )
    return SpendChart(
        **_said("spend", names),
        months=tuple(data["months"]),
        series=_series(data),
        swings=swings,
    )


def _incidents(data: Mapping[str, Any], names: Names) -> Chart:
    return IncidentChart(
        **_said("incidents", names), months=tuple(data["months"]), series=_series(data)
    )


def _promises(data: Mapping[str, Any], names: Names) -> Chart:
    outcomes = tuple(
        Outcome(one["key"], _outcome(one["key"], names), one["count"]) for one in data["outcomes"]
    )
    said = _said("promises", names) | {"heading": written(_OUTCOME, names.language)}
    return PromiseChart(**said, counted=written(_COUNT, names.language), outcomes=outcomes)


def _outcome(key: str, names: Names) -> str:
    known = key in names.vocabulary.words("promise_status")
    return names.label(key, "promise_status") if known else written(_OVERDUE, names.language)


def _weather(data: Mapping[str, Any], names: Names) -> Chart:
    strip = tuple(
        Weather(one["key"], names.label(one["key"], "weather")) if one else None
        for one in data["weather"]
    )
    return WeatherStrip(**_said("weather", names), months=tuple(data["months"]), weather=strip)


_MAKERS: Mapping[str, Callable[[Mapping[str, Any], Names], Chart]] = {
    "spend": _spend,
    "incidents": _incidents,
    "promises": _promises,
    "weather": _weather,
}
