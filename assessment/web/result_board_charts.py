"""The charts of results: how many stand where, and how a person's, a team's and a department's results move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.models import Result
from assessment.selectors.result_cards import Card
from assessment.selectors.result_periods import Span
from assessment.web.result_board import ResultPage
from assessment.web.result_board_words import missing_names, stars_named
from policy.language.nodes import plain_number
from staff.kernel.charts import Chart, Number, Point, Series
from staff.kernel.periods import Month

_CENT = Decimal("0.01")


def marks_chart(page: ResultPage) -> Chart | None:
    """People by grade, or by stars; each bar narrows the table. None where the policy has neither."""
    marks = page.marks()
    if not marks or page.card is None:
        return None
    grade = page.card.has_grade
    return Chart(
        name="by-mark",
        heading=_("How many have which grade")
        if grade
        else _("How many have how many: %(what)s") % {"what": page.stars_named},
        axis=pgettext("result", "grade") if grade else page.stars_named,
        series=[Series(_("people"), "ink-2")],
        points=[Point(words, [n], f"?{page.chosen.address(mark=key, state=None)}") for key, words, n in marks],
        kind="bar",
    )


def totals_chart(page: ResultPage) -> Chart | None:
    """People by band of totals, without a gap between the lowest and the highest that somebody has."""
    bands, width = page.tally.bands, page.tally.width
    if not bands or page.card is None:
        return None
    return Chart(
        name="by-total",
        heading=_("How the totals lie"),
        axis=_("total"),
        series=[Series(_("people"), "ink-2")],
        points=[Point(_band(n, width, page.card.most), [bands[n]]) for n in range(min(bands), max(bands) + 1)],
        kind="bar",
    )


def _band(n: int, width: Decimal, most: Decimal) -> str:
    low, high = n * width, (n + 1) * width
    if most and low >= most:
        return plain_number(low)
    return f"{plain_number(low)}–{plain_number(min(high, most) if most else high)}"


def trend_chart(page: ResultPage) -> Chart:
    """The mean of the departments chosen, beside that of everybody whom the reader looks after."""
    spans = page.span.back()
    trend = page.board.trend()
    everybody = _("everybody in your scope")
    names = {"chosen": page.department.name if page.department else everybody}
    if page.narrowing.departments is not None:
        names["all"] = everybody
    lines = [(Series(name, "accent" if key == "chosen" else "ink-3"), trend[key]) for key, name in names.items()]
    return _trend("trend", _heading(page.card, page.span), page.card, spans, lines)


def _heading(card: Card | None, span: Span) -> str:
    if card is None or card.has_total:
        return _("How the mean of the totals moves")
    return _("How the mean moves: %(what)s") % {"what": stars_named(card, span)}


def person_chart(
    card: Card | None,
    span: Span,
    results: Mapping[Month, Result],
    name: str,
    beside: Sequence[tuple[str, Mapping[Month, Decimal]]],
) -> Chart:
    """A person's totals, or stars, beside the means of their team and department; a gap says why it is one."""
    lines = [(Series(label, "ink-2" if not at else "ink-3"), means) for at, (label, means) in enumerate(beside)]
    own = {month: _value(card, result) for month, result in results.items()}
    total = card is None or card.has_total
    told = {"name": name, "what": "" if total else stars_named(card, span)}
    heading = _("How the totals of %(name)s move") if total else _("How it moves for %(name)s: %(what)s")
    return _trend("person-trend", heading % told, card, span.back(), [(Series(name), own), *lines])


def _value(card: Card | None, result: Result) -> Number | str | None:
    value = result.total if card is None or card.has_total else result.stars
    if value is not None:
        return value
    if not result.counts:
        return _("does not count")
    if result.missing:
        return _("missing: %(what)s") % {"what": pgettext("list", ", ").join(missing_names(card, result.missing))}
    return None


def _trend(
    name: str, heading: str, card: Card | None, spans: Sequence[Span],
    lines: Sequence[tuple[Series, Mapping[Month, Number | str | None]]],
) -> Chart:  # fmt: skip
    """Periods before the first that anybody has are left out."""
    known = [span for span in spans if any(values.get(span.month) is not None for _series, values in lines)]
    shown = [span for span in spans if known and span.month >= known[0].month]
    full = card.full_marks if card and card.has_total else None
    return Chart(
        name=name,
        heading=heading,
        axis=_("period"),
        series=[series for series, _values in lines],
        points=[Point(str(span), [_rounded(values.get(span.month)) for _series, values in lines]) for span in shown],
        bound=full,
        bound_name=_("full marks %(n)s") % {"n": plain_number(full)} if full is not None else "",
    )


def _rounded(value: Number | str | None) -> Number | str | None:
    return Decimal(plain_number(value.quantize(_CENT, ROUND_HALF_UP))) if isinstance(value, Decimal) else value
