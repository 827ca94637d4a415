"""Tiers in the records of people. The truth is the ledger: a first tier is an ``entry``, a later difference a correction.

The record states the present tier and its day. Where it differs from the ledger, the line that holds at present is replaced,
and with it whatever lies between the old day and the new one; all else in the history stays.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from policy.selectors import governing
from policy.tier_names import TierName, tier_names
from staff.kernel.records.columns import Column, DayColumn, NamedColumn
from staff.kernel.records.loading import Loading
from staff.person_records import StaffTable

#: The line that holds on the day of the load, else the next one; of several of a day the last.
_PRESENT = """
LEFT JOIN LATERAL (
    SELECT l.seq, l.ladder, l.to_tier, l.effective_on FROM promotion_ledgerline l
    WHERE l.employee_id = e.id AND NOT EXISTS (SELECT 1 FROM promotion_ledgerline c WHERE c.replaces_id = l.seq)
    ORDER BY l.effective_on <= %(day)s::date DESC, abs(l.effective_on - %(day)s::date), l.seq DESC LIMIT 1
) l ON true
"""
#: Rows of ``rec_diff`` whose tier, ladder or day is not what the ledger says.
_DIFFERS = (
    "(d.tier <> coalesce(d.ledger_tier, '') "
    "OR d.tier <> '' AND (d.ladder IS DISTINCT FROM d.ledger_ladder OR d.tier_since IS DISTINCT FROM d.ledger_since))"
)


class StaffWithTiersTable(StaffTable):
    """People with ladder, tier and since when."""

    carried: tuple[str, ...] = (*StaffTable.carried, "ledger_seq", "ledger_ladder", "ledger_tier", "ledger_since")

    def tier_columns(self) -> list[Column]:
        tiers = tier_names()
        ladders = {name: tier.ladder for tier in tiers for name in (tier.ladder_en, tier.ladder_zh, tier.ladder)}
        names = {name: name for tier in tiers for name in (tier.en, tier.zh, tier.tier)}
        return [
            NamedColumn(
                "ladder", "晋升体系", names=_values(ladders), what=", ".join(sorted({t.ladder for t in tiers}))
            ),
            NamedColumn("tier", "级别", names=_values(names), what=_listed(tiers)),
            DayColumn("tier_since", "级别起始日"),
        ]

    def stored_tiers(self) -> tuple[str, str]:
        return (
            ", CASE WHEN l.to_tier <> '' THEN l.ladder END AS ladder, coalesce(l.to_tier, '') AS tier, "
            "CASE WHEN l.to_tier <> '' THEN l.effective_on END AS tier_since, l.seq AS ledger_seq, l.ladder AS ledger_ladder, "
            "l.to_tier AS ledger_tier, l.effective_on AS ledger_since",
            _PRESENT,
        )

    def read(self, load: Loading) -> None:
        super().read(load)
        load.run("ALTER TABLE rec_typed ADD COLUMN found_ladder text, ADD COLUMN found_tier text")

    def check(self, load: Loading) -> None:
        super().check(load)
        if load.given("tier"):
            self._find_tiers(load)
        if load.given("tier_since") and load.given("hired_on"):
            load.select_faults(
                "tier_since",
                _("tier_since %(since)s lies before hired_on %(hired)s"),
                "SELECT line, tier_since::text AS since, hired_on::text AS hired FROM rec_typed WHERE tier_since < hired_on",
            )

    def _find_tiers(self, load: Loading) -> None:
        """The ladder of a tier: the one that is named; else the only one that has such a tier; else, where the file has no
        ladders, the person's own; else the one that governs their department."""
        tiers = tier_names()
        load.fill("rec_tiers", "name text, ladder text, tier text", sorted(_by_name(tiers)))
        governed = [(d, g.version.key) for g in governing(load.access.day, part="ladder") for d in g.department_ids]
        load.fill("rec_governing", "department bigint, ladder text", governed)
        ladder = "t.ladder" if load.given("ladder") else "NULL"
        department = (
            "t.department"
            if load.given("department")
            else (
                "(SELECT p.department_id FROM staff_departmentperiod p JOIN rec_people r ON r.id = p.employee_id "
                "WHERE r.employee_no = t.employee_no AND p.period @> %(day)s::date)"
            )
        )
        own = (
            "NULL"
            if load.given("ladder")
            else (
                "(SELECT h.ladder FROM promotion_tierperiod h JOIN rec_people r ON r.id = h.employee_id "
                "WHERE r.employee_no = t.employee_no AND h.period @> %(day)s::date)"
            )
        )
        load.run(
            f"""
            UPDATE rec_typed t SET found_ladder = n.ladder, found_tier = n.tier FROM (
                SELECT t.line, (array_agg(n.ladder ORDER BY n.rank))[1] AS ladder,
                       (array_agg(n.tier ORDER BY n.rank))[1] AS tier
                FROM rec_typed t CROSS JOIN LATERAL (
                    SELECT r.ladder, r.tier, CASE
                        WHEN r.ladder = {ladder} THEN 0
                        WHEN r.several = 1 THEN 1
                        WHEN r.ladder = {own} THEN 2
                        WHEN r.ladder = (SELECT g.ladder FROM rec_governing g WHERE g.department = {department}) THEN 3
                    END AS rank
                    FROM (SELECT *, count(*) OVER () AS several FROM rec_tiers r WHERE r.name = t.tier) r
                    WHERE {ladder} IS NULL OR r.ladder = {ladder}
                ) n WHERE t.tier IS NOT NULL AND n.rank IS NOT NULL GROUP BY t.line
            ) n WHERE n.line = t.line
            """
        )
        load.select_faults(
            "tier",
            _(
                "tier `%(tier)s` is not of the ladder named, or of several; name one of these in the column ladder: %(ladders)s"
            ),
            "SELECT t.line, t.tier, (SELECT string_agg(r.ladder, ', ') FROM rec_tiers r WHERE r.name = t.tier) AS ladders "
            "FROM rec_typed t WHERE t.tier IS NOT NULL AND t.found_tier IS NULL",
        )

    def kept(self, column: Column, given: set[str]) -> str:
        tier = "coalesce(t.found_tier, '')" if "tier" in given else "coalesce(o.tier, '')"
        match column.name:
            case "tier":
                return tier
            case "ladder":
                return "t.found_ladder" if "tier" in given else "o.ladder"
            case "tier_since":
                hired = "t.hired_on" if "hired_on" in given else "o.hired_on"
                since = (
                    f"coalesce(t.tier_since, {hired})" if "tier_since" in given else f"coalesce(o.tier_since, {hired})"
                )
                return f"CASE WHEN {tier} <> '' THEN {since} END"
        return super().kept(column, given)

    def check_changes(self, load: Loading) -> None:
        super().check_changes(load)
        if not load.given("tier_since") or not load.given("hired_on"):
            load.select_faults(
                "tier_since" if load.given("tier_since") else "hired_on",
                _("hired_on %(hired)s lies after tier_since %(since)s"),
                "SELECT line, tier_since::text AS since, hired_on::text AS hired FROM rec_diff WHERE tier_since < hired_on",
                reads=("employee_no", "hired_on", "tier_since", "tier"),
            )
        if load.access.account_id is not None:
            load.select_faults(
                "tier",
                _("the tier of this person is in the ledger already; changing it is a correction that takes a second person, "
                  "and a lower one a case"),
                f"SELECT d.line FROM rec_diff d WHERE d.ledger_seq IS NOT NULL AND {_DIFFERS}",
            )  # fmt: skip

    def warn(self, load: Loading) -> None:
        super().warn(load)
        for name in ("ladder", "tier_since"):
            if load.given("tier") and load.given(name):
                load.warn(
                    name,
                    _("%(name)s without a tier: ignored"),
                    f"SELECT line, '{name}' AS name FROM rec_typed WHERE {name} IS NOT NULL AND tier IS NULL",
                )

    def write(self, load: Loading) -> None:
        super().write(load)
        author: dict[str, object] = {"author": load.access.account_id, "channel": load.access.channel}
        load.run(
            "INSERT INTO promotion_ledgerline (seq, employee_id, kind, ladder, from_tier, to_tier, effective_on, channel, "
            "author_id, reason_digest, prev_hash, hash) SELECT 0, p.id, 'entry', d.ladder, '', d.tier, d.tier_since, "
            "%(channel)s, "
            "%(author)s, '', '', '' FROM rec_diff d JOIN rec_people p USING (employee_no) "
            "WHERE d.ledger_seq IS NULL AND d.tier <> '' ORDER BY d.line",
            **author,
        )
        self._correct(load, author)

    def _correct(self, load: Loading, author: dict[str, object]) -> None:
        reason = load.reason or _("Load of records: %(file)s") % {"file": load.sheet.label}
        load.make(
            "rec_corrections",
            "SELECT l.seq AS replaces, d.line, d.id AS employee_id, coalesce(d.ladder, d.ledger_ladder) AS ladder, "
            "d.ledger_tier AS from_tier, d.tier AS to_tier, coalesce(d.tier_since, d.ledger_since) AS effective_on, "
            "replace(gen_random_uuid()::text, '-', '') AS salt FROM rec_diff d "
            "JOIN promotion_ledgerline l ON l.employee_id = d.id "
            "AND l.effective_on BETWEEN least(coalesce(d.tier_since, d.ledger_since), d.ledger_since) "
            "AND greatest(coalesce(d.tier_since, d.ledger_since), d.ledger_since) "
            "AND NOT EXISTS (SELECT 1 FROM promotion_ledgerline c WHERE c.replaces_id = l.seq) "
            f"WHERE d.ledger_seq IS NOT NULL AND {_DIFFERS}",
        )
        digest = "encode(sha256(convert_to(c.salt || %(reason)s, 'UTF8')), 'hex')"
        load.run(
            "INSERT INTO promotion_ledgerline (seq, employee_id, kind, ladder, from_tier, to_tier, effective_on, replaces_id, "
            "channel, author_id, reason_digest, prev_hash, hash) SELECT 0, c.employee_id, 'correction', c.ladder, c.from_tier, "
            f"c.to_tier, c.effective_on, c.replaces, %(channel)s, %(author)s, {digest}, '', '' FROM rec_corrections c "
            "ORDER BY c.line, c.replaces",
            reason=reason,
            **author,
        )
        load.run(
            "INSERT INTO promotion_ledgernote (line_id, salt, text) SELECT l.seq, c.salt, %(reason)s FROM rec_corrections c "
            f"JOIN promotion_ledgerline l ON l.replaces_id = c.replaces AND l.reason_digest = {digest}",
            reason=reason,
        )


def _by_name(tiers: list[TierName]) -> set[tuple[str, str, str]]:
    return {(name, tier.ladder, tier.tier) for tier in tiers for name in (tier.tier, tier.zh, tier.en) if name}


def _listed(tiers: list[TierName]) -> str:
    return ", ".join(
        dict.fromkeys(f"{tier.tier} ({tier.zh})" for tier in sorted(tiers, key=lambda t: (t.ladder, t.rank)))
    )


def _values(names: dict[str, str]) -> str:
    """SQL of a relation (name, value)."""
    rows = ", ".join(f"({_quoted(name)}, {_quoted(value)})" for name, value in names.items() if name)
    return f"SELECT * FROM (VALUES {rows}) v(name, value)" if rows else "SELECT '' AS name, '' AS value WHERE false"


def _quoted(text: str) -> str:
    """A literal of SQL whose parameters are named, so a percent sign is doubled."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"
