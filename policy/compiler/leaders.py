"""Who leads: those who share the highest value above 0, once nothing that is not known could change who they are."""

from __future__ import annotations

from policy.compiler.plan import Columns
from policy.compiler.results import layer

_ALL = "OVER (PARTITION BY v.adoption_id)"


class Leaders:
    """Layers that compare the candidates under one adoption; they read ``candidate`` and ``adoption_id``."""

    def __init__(self) -> None:
        self.bounds = Columns("k")
        """What each candidate has at least, and at most."""
        self.highest = Columns("kh")
        self.others = Columns("ko")

    @property
    def used(self) -> bool:
        """Somebody asks who leads."""
        return bool(self.bounds.names)

    def leads_by(self, value: str) -> str:
        """The condition that one leads by a value; a null one may come to anything."""
        return self.leads(f"coalesce({value}, 0)", f"coalesce({value}, 'Infinity'::numeric)")

    def leads(self, least: str, most: str) -> str:
        """The condition that one leads by what is at least and at most so much.

        One leads alone with at least more than anybody else may come to; several lead together only if all of them, and
        nobody who may come up to them, are known exactly.
        """
        lo = f"v.{self.bounds.add(f'CASE WHEN v.candidate THEN ({least})::numeric END')}"
        hi = f"v.{self.bounds.add(f'CASE WHEN v.candidate THEN ({most})::numeric END')}"
        top = f"v.{self.highest.add(f'max({hi}) {_ALL}')}"
        sharing = f"v.{self.others.add(f'count(*) FILTER (WHERE {hi} = {top}) {_ALL}')}"
        open_ = f"v.{self.others.add(f'count(*) FILTER (WHERE {hi} = {top} AND {lo} < {hi}) {_ALL}')}"
        second = f"v.{self.others.add(f'max({hi}) FILTER (WHERE {hi} < {top}) {_ALL}')}"
        return (
            f"(({lo} > 0 AND CASE WHEN {sharing} = 1 THEN {hi} = {top} AND {lo} > coalesce({second}, 0) "
            f"ELSE {open_} = 0 AND {lo} = {top} END) IS TRUE)"
        )

    def layers(self, before: str) -> tuple[list[str], str]:
        """The layers, and the name of the last."""
        parts = []
        for columns in (self.bounds, self.highest, self.others):
            if columns.names:
                parts.append(layer(columns.prefix, before, *columns.select()))
                before = columns.prefix
        return parts, before
