"""People in and out: master data, and since when each is in a department and under a supervisor.

What the file says holds at present. A change without a day of its own begins on the day of the load; the first placement
begins with the hiring, and moves with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from staff.kernel.access import Thing
from staff.kernel.addresses import is_address
from staff.kernel.pinyin import sort_key
from staff.kernel.records.columns import Column, DayColumn, EmployeeColumn, NamedColumn
from staff.kernel.records.loading import Loading
from staff.kernel.records.tables import RecordTable
from staff.kernel.records.work import Work
from staff.selectors.department_names import department_names

#: Of a number, where the address of its person's page would lead elsewhere: browsers take such parts away.
WITHOUT_ADDRESS = r"(^|/)[.]{0,2}(/|$)"
#: Columns that are columns of the person too.
_PERSONAL = (
    "name",
    "position",
    "hired_on",
    "regularised_on",
    "post_since",
    "birth_date",
    "left_on",
    "email",
    "im_account",
)
#: column of records → table of periods, its column, the column of the day
_PLACES = {
    "department": ("staff_departmentperiod", "department_id", "department_since"),
    "supervisor_no": ("staff_supervisorperiod", "supervisor_id", "supervisor_since"),
}


@dataclass(frozen=True, slots=True)
class DepartmentColumn(NamedColumn):
    """A department by its name, or the way to it where names repeat."""

    def expected(self) -> str:
        return _("expected the name of one department, or the way to it such as 总部/客服部 where names repeat")

    def means_absent(self) -> bool:
        return True


class StaffTable(RecordTable):
    """People. ``rec_people`` holds (employee_no, id, is_new) of those in the file; new ones have their id already."""

    name = "staff"
    aliases = ("人员", "员工", "花名册", "员工名册")
    thing = Thing.PERSON
    subject_id = "id"
    carried: tuple[str, ...] = ("id", "department_until", "supervisor_until")

    def columns(self) -> list[Column]:
        return [
            Column("employee_no", "工号", key=True, most=40, number=True),
            Column("name", "姓名", required=True, free=True),
            DepartmentColumn(
                "department",
                "部门",
                required=True,
                names="SELECT name, id AS value FROM rec_departments WHERE id IS NOT NULL",
                sql_type="bigint",
                back="(SELECT p.path FROM rec_paths p WHERE p.id = {value})",
            ),
            Column("position", "岗位", free=True),
            DayColumn("hired_on", "入职日期", required=True),
            DayColumn("regularised_on", "转正日期"),
            *self.tier_columns(),
            DayColumn("post_since", "上岗日期"),
            DayColumn("birth_date", "出生日期"),
            EmployeeColumn(
                "supervisor_no",
                "上级工号",
                people="(SELECT employee_no, id FROM staff_employee UNION ALL "
                "SELECT employee_no, id FROM rec_people WHERE is_new)",
                held="SELECT id FROM rec_people WHERE is_new UNION ALL SELECT supervisor_id FROM staff_supervisorperiod "
                "WHERE employee_id IN (SELECT id FROM rec_reach)",
            ),
            DayColumn("left_on", "离职日期"),
            Column("email", "邮箱", extra=True, most=254, pattern="^[^@ ]+@[^@ ]+[.][^@ ]+$"),
            Column("im_account", "即时通讯账号", extra=True, free=True),
            DayColumn("department_since", "部门起始日", extra=True),
            DayColumn("supervisor_since", "上级起始日", extra=True),
        ]

    def tier_columns(self) -> list[Column]:
        """What the app of tiers adds."""
        return []

    def prepare(self, work: Work) -> None:
        names, paths = department_names()
        work.fill("rec_departments", "name text, id bigint", ((name, found or "") for name, found in names.items()))
        work.fill("rec_paths", "id bigint, path text", paths.items())

    def read(self, load: Loading) -> None:
        load.make(
            "rec_people",
            "SELECT s.employee_no, coalesce(e.id, nextval(pg_get_serial_sequence('staff_employee', 'id'))) AS id, "
            "e.id IS NULL AS is_new FROM (SELECT DISTINCT employee_no FROM rec_stage WHERE employee_no IS NOT NULL) s "
            "LEFT JOIN staff_employee e ON e.employee_no = s.employee_no",
        )
        load.run("ANALYZE rec_people")
        super().read(load)

    def check(self, load: Loading) -> None:
        load.select_faults(
            "employee_no",
            _("employee no. `%(no)s` has no address: a part between slashes may not be empty, `.` or `..`"),
            "SELECT t.line, t.employee_no AS no FROM rec_typed t JOIN rec_people p USING (employee_no) "
            "WHERE p.is_new AND t.employee_no ~ %(lost)s",
            lost=WITHOUT_ADDRESS,
        )
        if not load.scope.company:
            load.select_faults(
                "employee_no",
                _("employee %(no)s is outside your scope; ask HR of their department"),
                "SELECT t.line, t.employee_no AS no FROM rec_typed t JOIN rec_people p USING (employee_no) "
                "WHERE NOT p.is_new AND NOT EXISTS (SELECT 1 FROM rec_reach r WHERE r.id = p.id)",
            )

    def stored(self) -> str:
        return self._stored("true", "%(day)s::date", "%(day)s::date")

    def stored_now(self) -> str:
        return self._stored(
            "e.id IN (SELECT id FROM rec_people WHERE NOT is_new)",
            self._day_of("department_since"),
            self._day_of("supervisor_since"),
        )

    def _day_of(self, since: str) -> str:
        """The day whose placement a row speaks of: the load's, or a later one that the file names."""
        return f"greatest(%(day)s::date, (SELECT max(t.{since}) FROM rec_since t WHERE t.employee_no = e.employee_no))"

    def _stored(self, which: str, department_day: str, supervisor_day: str) -> str:
        personal = ", ".join(f"e.{name}" for name in _PERSONAL)
        more, joins = self.stored_tiers()
        return (
            f"SELECT e.employee_no, e.id, {personal}, d.department_id AS department, lower(d.period) AS department_since, "
            "upper(d.period) AS department_until, s.supervisor_id AS supervisor_no, lower(s.period) AS supervisor_since, "
            f"upper(s.period) AS supervisor_until{more} FROM staff_employee e "
            f"LEFT JOIN LATERAL ({_placement('department', department_day)}) d ON true "
            f"LEFT JOIN LATERAL ({_placement('supervisor', supervisor_day)}) s ON true {joins} WHERE {which}"
        )

    def stored_tiers(self) -> tuple[str, str]:
        """What the app of tiers adds to ``stored``: columns, each after a comma, and joins to the person ``e``."""
        return "", ""

    def compare(self, load: Loading) -> None:
        days = [
            f"{name}" if load.given(name) else f"NULL::date AS {name}"
            for name in ("department_since", "supervisor_since")
        ]
        load.make("rec_since", f"SELECT employee_no, {', '.join(days)} FROM rec_typed")
        load.run("CREATE INDEX ON rec_since (employee_no)")
        super().compare(load)

    def kept(self, column: Column, given: set[str]) -> str:
        if column.name == "department_since":
            return _since("department", given)
        if column.name == "supervisor_since":
            return f"CASE WHEN {_of('supervisor_no', given)} IS NOT NULL OR o.supervisor_no IS NOT NULL THEN " \
                   f"{_since('supervisor_no', given)} END"  # fmt: skip
        return super().kept(column, given)

    def check_changes(self, load: Loading) -> None:
        load.select_faults(
            "left_on" if load.given("left_on") else "hired_on",
            _("left_on %(left)s lies before hired_on %(hired)s"),
            "SELECT line, left_on::text AS left, hired_on::text AS hired FROM rec_diff WHERE left_on < hired_on",
            reads=("employee_no", "left_on", "hired_on"),
        )
        for name, (_table, _column, since) in _PLACES.items():
            until = since.replace("_since", "_until")
            load.select_faults(
                since if load.given(since) else name,
                _("from %(since)s on: a change on %(until)s is recorded already; name a day before it"),
                f"SELECT line, {since}::text AS since, {until}::text AS until FROM rec_diff WHERE {since} >= {until}",
            )
        if load.given("email"):
            self._check_addresses(load)
        if load.given("supervisor_no"):
            self._check_rings(load)
        if not load.scope.company:
            load.select_faults(
                "department",
                _("this department is outside your scope"),
                "SELECT line FROM rec_diff WHERE department <> ALL (%(reach)s)",
                reach=sorted(load.scope.departments) or [0],
            )

    def _check_addresses(self, load: Loading) -> None:
        """Those new in the file, by the whole rule; the column's pattern holds every cell against its outline."""
        load.run("SELECT DISTINCT email FROM rec_diff WHERE email <> '' AND email IS DISTINCT FROM old_email")
        load.select_faults(
            "email",
            "email `%(cell)s`: " + _("expected an address such as name@example.com"),
            "SELECT line, email AS cell FROM rec_diff WHERE email = ANY (%(wrong)s)",
            reads=("email",),
            wrong=[email for (email,) in load.cursor.fetchall() if not is_address(email)],
        )

    def _check_rings(self, load: Loading) -> None:
        """Only whoever leads somebody can stand in a ring, so the walk is over supervisors alone; and over the file alone where
        rows of it are missing, which may change what is stored."""
        load.select_faults(
            "supervisor_no",
            _("%(no)s would be their own supervisor, directly or through others"),
            """
            WITH RECURSIVE given AS (
                SELECT p.id, d.supervisor_no AS boss, d.line, d.employee_no AS no,
                       d.supervisor_no IS DISTINCT FROM d.old_supervisor_no AS changed
                FROM rec_diff d JOIN rec_people p USING (employee_no)
            ), edges AS (
                SELECT id, boss FROM given WHERE boss IS NOT NULL
                UNION ALL
                SELECT employee_id, supervisor_id FROM staff_supervisorperiod s
                WHERE %(whole)s AND period @> %(day)s::date AND NOT EXISTS (SELECT 1 FROM given g WHERE g.id = s.employee_id)
            ), leaders AS (SELECT id, boss FROM edges WHERE id IN (SELECT boss FROM edges)),
            walk(start, node) AS (
                SELECT l.id, l.boss FROM leaders l JOIN given g ON g.id = l.id AND g.changed
                UNION
                SELECT w.start, l.boss FROM walk w JOIN leaders l ON l.id = w.node WHERE w.node <> w.start
            )
            SELECT g.line, g.no FROM given g WHERE g.changed AND g.id IN (SELECT start FROM walk WHERE node = start)
            """,
            reads=("employee_no", "supervisor_no"),
            whole=not self._misses_people(load),
        )

    def _misses_people(self, load: Loading) -> bool:
        return load.unread or any("employee_no" in bad for bad in load.bad.values())

    def warn(self, load: Loading) -> None:
        for name in ("regularised_on", "post_since"):
            if load.given(name) and load.given("hired_on"):
                load.warn(
                    name,
                    _("%(day)s lies before the day of hiring: kept"),
                    f"SELECT line, {name}::text AS day FROM rec_typed WHERE {name} < hired_on",
                )

    def write(self, load: Loading) -> None:
        self._write_people(load)
        for name in _PLACES:
            _write_places(load, name)

    def _write_people(self, load: Loading) -> None:
        load.run("SELECT DISTINCT name FROM rec_diff WHERE is_new OR name <> old_name")
        names = [row[0] for row in load.cursor.fetchall()]
        load.fill("rec_pinyin", "name text, pinyin text", ((name, sort_key(name)) for name in names))
        listed = ", ".join(_PERSONAL)
        load.run(
            f"INSERT INTO staff_employee (id, employee_no, pinyin, {listed}) "
            f"SELECT p.id, d.employee_no, y.pinyin, {', '.join(f'd.{name}' for name in _PERSONAL)} FROM rec_diff d "
            "JOIN rec_people p USING (employee_no) JOIN rec_pinyin y ON y.name = d.name WHERE d.is_new ORDER BY d.line"
        )
        sets = ", ".join(f"{name} = d.{name}" for name in _PERSONAL)
        differs = " OR ".join(f"d.{name} IS DISTINCT FROM d.old_{name}" for name in _PERSONAL)
        load.run(
            f"UPDATE staff_employee e SET {sets}, pinyin = coalesce(y.pinyin, e.pinyin) "
            f"FROM rec_diff d LEFT JOIN rec_pinyin y ON y.name = d.name WHERE e.id = d.id AND NOT d.is_new AND ({differs})"
        )


def _placement(kind: str, day: str) -> str:
    """SQL of the person's period on the day, else the next one; a department lasts where none follows."""
    ended = "" if kind == "department" else f" AND (upper(p.period) IS NULL OR upper(p.period) > {day})"
    return (
        f"SELECT p.* FROM staff_{kind}period p WHERE p.employee_id = e.id{ended} "
        f"ORDER BY p.period @> {day} DESC, lower(p.period) > {day} DESC, "
        f"CASE WHEN lower(p.period) > {day} THEN lower(p.period) - {day} ELSE {day} - lower(p.period) END LIMIT 1"
    )


def _of(name: str, given: set[str]) -> str:
    return f"{'t' if name in given else 'o'}.{name}"


def _since(name: str, given: set[str]) -> str:
    """SQL of the day from which a placement holds: the file's; else, where it changes, the day of the load; a first one
    begins with the hiring."""
    since = _PLACES[name][2]
    stated = f"t.{since}" if since in given else "NULL::date"
    hired = _of("hired_on", given)
    return (
        f"coalesce({stated}, CASE WHEN o.id IS NULL OR o.hired_on = o.{since} AND {_of(name, given)} = o.{name} THEN {hired} "
        f"WHEN {_of(name, given)} = o.{name} THEN o.{since} "
        f"{f'WHEN o.{since} IS NULL THEN {hired} ' if name == 'department' else ''}"
        f"ELSE greatest(%(day)s::date, o.{since}) END)"
    )


def _write_places(load: Loading, name: str) -> None:
    """From its day on, until a later change that is recorded already, the placement of ``rec_diff`` holds.

    Of what is stored: what lies inside that span goes; what reaches into it ends there; where the placement now begins
    later, the one before it lasts till then.
    """
    table, column, since = _PLACES[name]
    until = since.replace("_since", "_until")
    load.make(
        "rec_moves",
        f"SELECT p.id AS employee_id, d.{name} AS place, d.old_{name} AS old_place, d.{since} AS since, d.old_{since} AS "
        f"old_since, d.{until} AS until, d.hired_on, d.old_hired_on, d.{name} IS DISTINCT FROM d.old_{name} OR "
        f"d.{since} IS DISTINCT FROM d.old_{since} AS moves FROM rec_diff d JOIN rec_people p USING (employee_no)",
    )
    load.run("ANALYZE rec_moves")
    mine = "FROM rec_moves m WHERE m.moves AND p.employee_id = m.employee_id"
    load.run(
        f"DELETE FROM {table} p USING rec_moves m WHERE m.moves AND p.employee_id = m.employee_id AND "
        "(p.period <@ daterange(m.since, m.until) OR lower(p.period) = m.old_since AND m.place = m.old_place)"
    )
    load.run(
        f"UPDATE {table} p SET period = daterange(lower(p.period), m.since) {mine} "
        "AND lower(p.period) < m.since AND (upper(p.period) > m.since OR upper(p.period) IS NULL)"
    )
    load.run(
        f"UPDATE {table} p SET period = daterange(lower(p.period), m.since) {mine} "
        "AND m.place = m.old_place AND upper(p.period) = m.old_since AND m.since > m.old_since"
    )
    load.run(
        f"INSERT INTO {table} (employee_id, {column}, period) SELECT employee_id, place, daterange(since, until) "
        "FROM rec_moves WHERE moves AND place IS NOT NULL ORDER BY employee_id"
    )
    first = (
        "m.old_hired_on <> m.hired_on AND p.employee_id = m.employee_id AND lower(p.period) = m.old_hired_on "
        "AND lower(p.period) IS DISTINCT FROM m.since"
    )
    load.run(f"DELETE FROM {table} p USING rec_moves m WHERE {first} AND upper(p.period) <= m.hired_on")
    load.run(f"UPDATE {table} p SET period = daterange(m.hired_on, upper(p.period)) FROM rec_moves m WHERE {first}")
