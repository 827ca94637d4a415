"""The tree of departments in and out. A company has hundreds of departments, so the tree is worked out in memory."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from staff.kernel.access import Thing
from staff.kernel.records.columns import Column, EmployeeColumn
from staff.kernel.records.loading import Loading
from staff.kernel.records.tables import RecordTable
from staff.kernel.records.work import Work
from staff.models import Department
from staff.selectors.department_names import department_names
from staff.selectors.departments import policy_in_department

#: As deep as a tree goes; the database's own walk ends there too.
_DEEPEST = 48


@dataclass(slots=True)
class _Node:
    """A department as it is to be. ``line`` 0: not in the file. ``parent_text``: what the file says, not yet looked up."""

    id: int
    name: str
    parent: int | None
    head: int | None
    line: int = 0
    is_new: bool = False
    parent_text: str | None = None


class DepartmentsTable(RecordTable):
    """A department is told by its name, or by the way to it where names repeat: then the way is its parent too."""

    name = "departments"
    aliases = ("部门", "组织架构")
    thing = Thing.PERSON
    subject = ""
    later = {"head_no": "heads"}

    def columns(self) -> list[Column]:
        return [
            Column("department", "部门", key=True, most=300),
            Column("parent", "上级部门", most=300),
            EmployeeColumn(
                "head_no",
                "负责人工号",
                extra=True,
                held="SELECT head_id FROM staff_department WHERE id IN (SELECT id FROM rec_reach_departments)",
            ),
        ]

    def stored(self) -> str:
        return (
            "SELECT p.path AS department, u.path AS parent, d.head_id AS head_no FROM staff_department d "
            "JOIN rec_paths p ON p.id = d.id LEFT JOIN rec_paths u ON u.id = d.parent_id"
        )

    def prepare(self, work: Work) -> None:
        _names, paths = department_names()
        work.fill("rec_paths", "id bigint, path text", paths.items())

    def compare(self, load: Loading) -> None:
        """Faults of the tree are found here, among the rows that are readable by themselves."""
        tree = _Tree(load)
        tree.place_rows()
        tree.check()
        load.stop_if_faulty()
        changes = tree.changes()
        load.fill(
            "rec_diff",
            "line bigint, is_new boolean, id bigint, department text, name text, parent text, parent_id bigint, "
            "head_no bigint, old_parent text, old_head_no bigint",
            changes,
        )
        load.report.added = sum(1 for change in changes if change[1])
        load.report.changed = len(changes) - load.report.added

    def write(self, load: Loading) -> None:
        load.run(
            "INSERT INTO staff_department (id, name, parent_id, head_id) SELECT id, name, parent_id, head_no FROM rec_diff "
            "WHERE is_new ORDER BY line"
        )
        try:
            with transaction.atomic():
                load.run(
                    "UPDATE staff_department d SET parent_id = r.parent_id, head_id = r.head_no FROM rec_diff r "
                    "WHERE NOT r.is_new AND d.id = r.id"
                )
        except IntegrityError as error:
            _tell_policies(load, error)
            raise


def _tell_policies(load: Loading, error: IntegrityError) -> None:
    """Raises ``Faulty`` at the row of the department that would bring its people under two policies."""
    diag = getattr(error.__cause__, "diag", None)
    if diag is None or diag.constraint_name != "tree_keeps_adoptions_apart":
        return
    met = json.loads(diag.message_detail)
    (line,) = load.row("SELECT line FROM rec_diff WHERE id = %(id)s", id=met["department_id"])
    load.fault(
        line,
        "parent",
        _("moved there, two policies would govern the same people: %(above)s and %(below)s")
        % {"above": policy_in_department(met["above"]), "below": policy_in_department(met["below"])},
    )
    load.stop_if_faulty()


class _Tree:
    """The stored tree with the file's rows put in."""

    def __init__(self, load: Loading) -> None:
        self.load = load
        self.nodes = {
            pk: _Node(pk, name, parent, head)
            for pk, name, parent, head in Department.objects.values_list("pk", "name", "parent_id", "head_id")
        }
        self.before = {pk: (node.parent, node.head) for pk, node in self.nodes.items()}
        self.names, self.paths = department_names()
        self.with_parent, self.with_head = load.given("parent"), load.given("head_no")
        self.by_name: dict[str, list[_Node]] = {}
        self.fresh = count(-1, -1)
        #: Rows that cannot be read: whatever they found or move is not known.
        self.unplaced = {line for line, bad in load.bad.items() if bad != {"head_no"}}
        self.whole = not (self.unplaced or load.unread)
        self.unplaced_names: set[str] = set()
        #: Departments of the file whose parent is not known.
        self.adrift: set[int] = set()

    def place_rows(self) -> None:
        """Finds or founds the department of every row, then every parent."""
        columns = ["line", "department"]
        columns += ["parent" if self.with_parent else "NULL", "head_no" if self.with_head else "NULL"]
        self.load.run(f"SELECT {', '.join(columns)} FROM rec_typed ORDER BY line")
        rows = self.load.cursor.fetchall()
        self.load.run("SELECT line, department FROM rec_stage WHERE department IS NOT NULL")
        unread = {name for line, name in self.load.cursor.fetchall() if line in self.unplaced}
        self.unplaced_names = {name.strip("/").rpartition("/")[2] for name in unread}
        placed = [self._place(*row) for row in rows if row[0] not in self.unplaced]
        self.by_name = {}
        for node in self.nodes.values():
            self.by_name.setdefault(node.name, []).append(node)
        for node in [node for node in placed if node]:
            self._set_parent(node)

    def _place(self, line: int, text: str, parent: str | None, head: int | None) -> _Node | None:
        parts = [part.strip() for part in text.strip("/").split("/")]
        if not all(parts) or len(parts[-1]) > 100:
            self.load.fault(
                line, "department", _("department `%(name)s`: a part of the way is empty or too long") % {"name": text}
            )
            return None
        found = self._existing(text, parent)
        if found is None and text in self.names and self.names[text] is None:
            self.load.fault(line, "department", _(
                "several departments are called `%(name)s`; write the way to it, such as %(path)s") % {
                "name": text, "path": next(p for p in self.paths.values() if p.endswith(f"/{text}"))})  # fmt: skip
            return None
        node = found or _Node(next(self.fresh), parts[-1], None, None, is_new=True)
        if node.line:
            self.load.fault(line, "department", _("line %(line)s names the same department") % {"line": node.line})
            return None
        node.line = line
        self.nodes[node.id] = node
        if self.with_head:
            node.head = head
        way = "/".join(parts[:-1])
        if way and parent and not _same_end(way, parent.strip("/")):
            self.load.fault(line, "parent", _("parent `%(parent)s` is not the way that `%(name)s` goes") % {
                "parent": parent, "name": text})  # fmt: skip
            self.adrift.add(node.id)
            return None
        rooted = f"/{way}" if way and text.startswith("/") else way
        node.parent_text = max(rooted, parent or "", key=len) or None
        if found is not None and (way or not self.with_parent):
            node.parent_text = ""
        return node

    def _existing(self, text: str, parent: str | None) -> _Node | None:
        """By its name alone, or by the name with the parent that the row gives."""
        known = self.names.get(text)
        if known is None and self.with_parent:
            known = self.names.get(f"{parent or ''}/{text}")
        return self.nodes[known] if known else None

    def _set_parent(self, node: _Node) -> None:
        """``parent_text``: empty keeps what is, None is the root."""
        if node.parent_text == "":
            return
        if node.parent_text is None:
            node.parent = None
            return
        called = self.by_name.get(node.parent_text.rpartition("/")[2], [])
        named = [other for other in called if other is not node and self._is_at(other, node.parent_text)]
        if len(named) == 1:
            node.parent = named[0].id
            return
        self.adrift.add(node.id)
        if not named and node in called and self._is_at(node, node.parent_text):
            self.load.fault(node.line, "parent", _("`%(name)s` would lie below itself") % {"name": node.name})
            return
        if not named and (self.load.unread or node.parent_text.rpartition("/")[2] in self.unplaced_names):
            return
        message = (
            _("several departments are called `%(name)s`; write the way to it")
            if named
            else _("there is no department `%(name)s`; it must be there already or be in this file")
        )
        self.load.fault(node.line, "parent", message % {"name": node.parent_text}, absent=not named)

    def _is_at(self, node: _Node, way: str) -> bool:
        """Whether the way to the node ends like this, or is this where it begins with a slash. Where a new department's
        parent stands as text still, that is compared."""
        rooted, above = way.startswith("/"), way.strip("/").split("/")[:-1]
        while above:
            if node.is_new and node.parent_text:
                return _same_end(node.parent_text.strip("/"), "/".join(above))
            if node.parent is None or self.nodes[node.parent].name != above.pop():
                return False
            node = self.nodes[node.parent]
        return not rooted or (node.parent is None and not node.parent_text)

    def check(self) -> None:
        """No ring, no name twice under one parent, nothing outside the loader's scope."""
        seen: dict[tuple[int | None, str], _Node] = {}
        for node in sorted(filter(self._is_settled, self.nodes.values()), key=lambda n: n.line):
            other = seen.setdefault((node.parent, node.name), node)
            if other is not node and node.line:
                self.load.fault(
                    node.line, "department", _("a department `%(name)s` stands there already") % {"name": node.name}
                )
            if node.line and self._in_ring(node):
                self.load.fault(node.line, "parent", _("`%(name)s` would lie below itself") % {"name": node.name})
        if not self.load.scope.company and not self.load.faults:
            self._check_scope()

    def _is_settled(self, node: _Node) -> bool:
        """Whether its parent is certain; of one that is not in the file, only where the whole file is read."""
        return node.id not in self.adrift and (self.whole or bool(node.line))

    def _in_ring(self, node: _Node) -> bool:
        above = node.parent
        for _step in range(_DEEPEST):
            if above is None:
                return False
            if above == node.id:
                return True
            if not self._is_settled(self.nodes[above]):
                return False
            above = self.nodes[above].parent
        return True

    def _check_scope(self) -> None:
        reach = self.load.scope.departments
        for node in self.nodes.values():
            if not node.line or (node.parent, node.head) == self.before.get(node.id):
                continue
            ends: set[int | None] = set() if node.is_new else {node.id}
            if node.is_new or node.parent != self.before[node.id][0]:
                ends |= {node.parent} if node.is_new else {node.parent, self.before[node.id][0]}
            outside = [end for end in ends if end not in reach and not (end is not None and end < 0)]
            if outside:
                self.load.fault(node.line, "department", _("this department is outside your scope"))
            elif node.head == self.load.access.employee_id and node.head != self.before.get(node.id, (None, None))[1]:
                self.load.fault(node.line, "head_no", _("nobody makes themselves a head; ask a colleague"))

    def changes(self) -> list[tuple[object, ...]]:
        """The rows of ``rec_diff``, new departments under the ids that they will have."""
        touched = [n for n in self.nodes.values() if n.line and (n.is_new or (n.parent, n.head) != self.before[n.id])]
        new = [node for node in touched if node.is_new]
        self.load.run(
            "SELECT nextval(pg_get_serial_sequence('staff_department', 'id')) FROM generate_series(1, %(n)s)",
            n=len(new),
        )
        ids = dict(zip((node.id for node in new), (row[0] for row in self.load.cursor.fetchall()), strict=True))
        return [
            (
                node.line,
                node.is_new,
                ids.get(node.id, node.id),
                self.paths.get(node.id, node.name),
                node.name,
                self._path(node.parent),
                ids.get(node.parent, node.parent) if node.parent is not None else None,
                node.head,
                self._path(self.before[node.id][0]) if not node.is_new else None,
                self.before[node.id][1] if not node.is_new else None,
            )
            for node in touched
        ]

    def _path(self, pk: int | None) -> str | None:
        return None if pk is None else self.paths.get(pk, self.nodes[pk].name)


def _same_end(one: str, other: str) -> bool:
    """Whether one of two ways is the other's end: ``总部/客服部`` and ``客服部``."""
    long, short = sorted((one.split("/"), other.split("/")), key=len, reverse=True)
    return long[-len(short) :] == short
