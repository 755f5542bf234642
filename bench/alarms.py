"""False alarms and hits of the week's comparison, on invented spend it was not tuned on.

``python bench/alarms.py`` prints the tables of docs/spend.md. Everything comes from fixed seeds, so
they are the same wherever they are printed.
"""

from __future__ import annotations

from alarm_rates import (
    CUSTOMERS,
    EVALUATION,
    TUNING,
    chosen,
    echoes,
    false_alarms,
    hits,
    seen_after,
)
from spend_of import NOT_TUNED_ON, TUNED_ON, Family, Swing
from week_methods import (
    Method,
    as_shipped,
    average,
    mean,
    mean_and_deviation,
    median_and_mad,
    weekday_median,
    weekday_median_without_oddest,
)

SIZES = (0.15, 0.25, 0.35, 0.5, 1.0, 3.0)
SHAPES = {
    "three times the usual, one day": Swing(2, days=1),
    "ten times the usual, one day": Swing(9, days=1),
    "twice the usual, three days": Swing(1, days=3),
    "nothing, two days": Swing(-1, days=2),
    "50 % up, over 14 days": Swing(0.5, ramp=14),
    "50 % down, over 14 days": Swing(-0.5, ramp=14),
}
LOOKS = (1, 2, 3, 6, 9, 13, 16, 20, 27)
CANDIDATES: dict[str, Method] = {
    "mean, thresholds alone": mean,
    "mean, standard deviation": mean_and_deviation,
    "median, MAD": median_and_mad,
    "weekday median, MAD": weekday_median,
    "the same, oddest day left out": weekday_median_without_oddest,
}


def both_ways(size: float) -> list[Swing]:
    """Up and down by that share."""
    return [Swing(size), Swing(-size)]


def row(*cells: object) -> None:
    """One line of a Markdown table."""
    print("|", " | ".join(str(cell) for cell in cells), "|")


def head(*cells: str) -> None:
    """The first two lines of a Markdown table, the first column to the left."""
    print()
    row(*cells)
    row("---", *["--:"] * (len(cells) - 1))


def words(family: Family) -> str:
    """The family's name for people."""
    return family.__name__.replace("_", " ")


def print_tuning() -> None:
    """How the number of spreads was chosen, for each method."""
    print(f"Tuning: {CUSTOMERS} customers of each family, one year each.")
    head("method", "spreads", *map(words, TUNED_ON), "±25 %", "±50 %")
    for name, method in CANDIDATES.items():
        spreads = chosen(method)
        rates = [f"{false_alarms(method, spreads, family, TUNING):.1f}" for family in TUNED_ON]
        found = [hits(method, spreads, TUNED_ON, TUNING, both_ways(size)) for size in (0.25, 0.5)]
        row(name, spreads or "–", *rates, *[each.rate() for each in found])


def print_methods() -> None:
    """All methods, as tuned, on customers nobody tuned on."""
    for title, families in (
        ("Evaluation: other customers of the same families.", TUNED_ON),
        ("Evaluation: families that had no part in tuning.", NOT_TUNED_ON),
    ):
        print(f"\n{title}")
        head("method", "false alarms", "±25 %", "±50 %", "±100 %", "days to alarm", "echoes")
        for name, method in CANDIDATES.items():
            spreads = chosen(method)
            alarms = average([false_alarms(method, spreads, each, EVALUATION) for each in families])
            found = [
                hits(method, spreads, families, EVALUATION, both_ways(size))
                for size in (0.25, 0.5, 1)
            ]
            rates = [each.rate() for each in found]
            after = echoes(method, spreads, families)
            row(name, f"{alarms:.2f}", *rates, found[1].delay(), after)


def print_families() -> None:
    """The code that ships: false alarms and hits by family."""
    everybody = (*TUNED_ON, *NOT_TUNED_ON)
    print("\nAs shipped, by family.")
    head("family", "tuned on", "false alarms", "50 % up", "50 % down")
    for family in everybody:
        both = [hits(as_shipped, 0, [family], EVALUATION, [swing]) for swing in both_ways(0.5)]
        tuned = "yes" if family in TUNED_ON else "no"
        alarms = false_alarms(as_shipped, 0, family, EVALUATION)
        row(
            words(family),
            tuned,
            f"{alarms:.2f}",
            *[each.rate() for each in both],
        )


def print_swings() -> None:
    """The code that ships: by size and direction, by shape, by the day somebody looks."""
    everybody = (*TUNED_ON, *NOT_TUNED_ON)
    print("\nAs shipped, by size.")
    head("swing", "up", "days to alarm", "down", "days to alarm")
    for size in SIZES:
        up = hits(as_shipped, 0, everybody, EVALUATION, [Swing(size)])
        down = hits(as_shipped, 0, everybody, EVALUATION, [Swing(-size)] if size <= 1 else [])
        row(f"{100 * size:.0f} %", up.rate(), up.delay(), down.rate(), down.delay())
    print("\nAs shipped, by shape.")
    head("swing", "hits", "days to alarm")
    for name, swing in SHAPES.items():
        found = hits(as_shipped, 0, everybody, EVALUATION, [swing])
        row(name, found.rate(), found.delay())
    print("\nAs shipped, for who looks once.")
    head("swing", *[f"day {day + 1}" for day in LOOKS])
    for name, swing in (("50 % up", Swing(0.5)), ("50 % down", Swing(-0.5))):
        row(name, *[seen_after(as_shipped, 0, everybody, swing, day) for day in LOOKS])


def main() -> None:
    """Print all tables."""
    print_tuning()
    print_methods()
    print_families()
    print_swings()


if __name__ == "__main__":
    main()
