"""What statements of results share, of a month, a quarter or a year: rank, layers, cases, aggregates over stored results."""

from __future__ import annotations

from collections.abc import Mapping

from policy.catalogue import Key
from policy.compiler.plan import Columns, Plan
from policy.compiler.scalar import Leaf, month_leaf, scalar
from policy.compiler.sql import Relation, Sql, column, literal
from policy.language import typed as t
from policy.language.checked import Case

#: What a row of such a statement holds after ``id``.
RESULT_COLUMNS = ("department_id", "counts", "items", "total", "rank", "grade", "stars", "cases", "missing")

RANK = (
    "CASE WHEN v.total IS NOT NULL "
    "THEN (rank() OVER (PARTITION BY v.department_id ORDER BY v.total DESC NULLS LAST))::integer END"
)


def layer(name: str, before: str, *columns: str) -> str:
    """One more layer with more columns; the fence keeps PostgreSQL from pasting expressions into every use."""
    return f"{name} AS (\n  SELECT {', '.join(['v.*', *columns])}\n  FROM {before} v\n  OFFSET 0)"


def aggregates(case: Case) -> list[t.MonthAggregate]:
    """The aggregates over results that a case rests on."""
    node = case.when or case.top
    return [part for part in node.walk() if isinstance(part, t.MonthAggregate)] if node else []


def cases_array(raised: Mapping[Key, list[str]]) -> str:
    """SQL of the kinds whose conditions hold; nothing is raised where nothing counts."""
    found = [
        f"CASE WHEN v.counts AND ({' OR '.join(conditions)}) THEN {literal(kind)} END"
        for kind, conditions in raised.items()
    ]
    return f"array_remove(ARRAY[{', '.join(found)}], NULL)" if found else "'{}'::text[]"


class History:
    """Aggregates over the results of several periods: those stored before, and this one's own.

    ``length``: months of a period; ``key``: the column of stored results that names whose they are. Windows of the language are
    months, so two quarters arrive as 6.
    """

    def __init__(self, plan: Plan, length: int = 1, key: str = "employee_id") -> None:
        self.plan, self.length, self.key = plan, length, key
        self.stored = Columns("h")
        """Columns of layer h, over earlier months alone."""
        self.joined = Columns("b")
        """The same with this month among them."""
        self.reads_months = False

    @property
    def name(self) -> list[str]:
        """The layer, where there is one."""
        return ["h"] if self.stored.names else []

    def layers(self, months: Relation, results: Relation) -> list[str]:
        """``h``: one pass over the stored results of the widest window. Bit k is the period k back."""
        if not self.stored.names:
            return []
        columns = ",\n    ".join([f"r.{self.key} AS id", *self.stored.select()])
        back = "%(M)s - r.month" if self.length == 1 else f"(%(M)s - r.month) / {self.length}"
        row = f"SELECT r.*, {self.plan.one} << ({back}) AS bit FROM {results} r"
        window = f"r.month BETWEEN %(M)s - {(self.plan.widest - 1) * self.length} AND %(M)s - {self.length}"
        facts = (
            f" LEFT JOIN {months} f ON f.employee_id = r.employee_id AND f.month = r.month" if self.reads_months else ""
        )
        return [
            f"h AS MATERIALIZED (\n  SELECT {columns}\n  FROM ({row} WHERE {window}) r JOIN p ON p.id = r.{self.key}{facts}\n"
            f"  GROUP BY r.{self.key})"
        ]

    def value(self, node: t.MonthAggregate, own: Leaf, restart: Key | None) -> Sql:
        """An aggregate of this and earlier months; null where a month that it needs is. ``restart``: of the months after the
        last that raised this case.
        """
        window = self._window(node, restart)
        here, before = scalar(node.of, own), scalar(node.of, self._earlier)
        unknown = self._mask(f"({here}) IS NULL", f"({before}) IS NULL", window)
        if node.unit == "bool" or node.function in ("months", "streak"):
            held = self._mask(here, before, window)
            return self._of_masks(node, held, unknown, window)
        counting = self._mask("true", "true", window)
        return self._of_values(node, here, before, unknown, counting)

    def _earlier(self, node: t.Typed) -> Sql | None:
        """Leaves of an earlier month: its stored result ``r`` and, where a rule reads them, its values ``f``."""
        if isinstance(node, t.Result):
            return column("r", node.column)
        found = month_leaf(node)
        self.reads_months = self.reads_months or found is not None
        return found

    def periods(self, node: t.MonthAggregate) -> int:
        """How many periods the aggregate looks at."""
        return (node.span.months or self.length) // self.length

    def _window(self, node: t.MonthAggregate, restart: Key | None) -> str:
        """Mask of the periods that the aggregate looks at."""
        marks = [f"{(1 << self.periods(node)) - 1}" + ("::bigint" if self.plan.big else "")]
        for mask in self.plan.since_mask(node.span.since):
            marks.append(f"v.{self.plan.values.add(mask)}")
        if restart is not None:
            raised = self._stored(f"{literal(restart)} = ANY (r.cases)", counting=False)
            marks.append(f"(({raised} & (- {raised})) - 1)")
        return f"({' & '.join(marks)})"

    def _stored(self, condition: str, counting: bool = True) -> str:
        where = f"r.counts AND {condition}" if counting else condition
        found = self.stored.add(f"bit_or(r.bit) FILTER (WHERE {where})")
        return f"v.{self.plan.values.add(f'coalesce(h.{found}, 0)')}"

    def _mask(self, here: str, before: str, window: str) -> str:
        own = f"(CASE WHEN v.counts AND {here} THEN {self.plan.one} ELSE 0 END)"
        return f"v.{self.joined.add(f'(({self._stored(before)} | {own}) & {window})')}"

    def _of_masks(self, node: t.MonthAggregate, held: str, unknown: str, window: str) -> Sql:
        if node.function == "months":
            return Sql(f"(CASE WHEN {unknown} = 0 THEN {self.plan.bit_count(held)} END)")
        if node.function == "each":
            counting = self._mask("true", "true", window)
            return Sql(
                f"(CASE WHEN {counting} = 0 THEN NULL WHEN ({held} | {unknown}) <> {counting} THEN false "
                f"WHEN {unknown} = 0 THEN true END)"
            )
        length = self.periods(node)
        whole = f"{(1 << length) - 1}"
        ended = f"(~{held} | ({self.plan.one} << {length}))"
        run = self.plan.bit_count(f"({ended} & (- {ended})) - 1")
        run = run if self.length == 1 else Sql(f"({run} * {self.length})")  # in months, as its threshold is
        return Sql(f"(CASE WHEN {held} = {whole} OR ({held} | {unknown}) <> {whole} THEN {run} END)")

    def _of_values(self, node: t.MonthAggregate, here: str, before: str, unknown: str, counting: str) -> Sql:
        function = {"mean": "sum", "lowest": "min", "highest": "max"}.get(node.function, node.function)
        back = f"r.month > %(M)s - {node.span.months or 1}"
        for mask in self.plan.since_mask(node.span.since):
            back += f" AND (r.bit & {mask}) <> 0"
        now = f"v.counts AND ({self._window(node, None)} & 1) <> 0" if node.span.since else "v.counts"
        stored = self.stored.add(f"{function}({before}) FILTER (WHERE r.counts AND {back})")
        earlier, own = f"v.{self.plan.values.add(f'h.{stored}')}", f"(CASE WHEN {now} THEN {here} END)"
        if function == "sum":
            value = f"(coalesce({earlier}, 0) + coalesce({own}, 0))"
            if node.function == "mean":
                value = f"({value}::numeric / nullif({self.plan.bit_count(counting)}, 0))"
        else:
            value = f"{'least' if function == 'min' else 'greatest'}({earlier}, {own})"
        return Sql(f"(CASE WHEN {unknown} = 0 THEN {value} END)")
