"""The translations' own tools, on small sources of the test's."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy import messages

SOURCE = """
from django.utils.translation import gettext as _, ngettext, pgettext
a = _("Sign in")
b = ngettext("%(n)s person", "%(n)s people", 2)
c = pgettext("a tier", "Star")
d = _(a)
"""
TEMPLATE = """{% load i18n %}
  {% translate "Home" %}
    {% blocktranslate with x=y %}Hello {{ x }}{% endblocktranslate %}
"""
TRANSLATED = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Sign in"
msgstr "登录"

msgid "%(n)s person"
msgid_plural "%(n)s people"
msgstr[0] "%(n)s 人"

msgctxt "a tier"
msgid "Star"
msgstr "星级"

msgid "Home"
msgstr "首页"

msgid "Hello %(x)s"
msgstr "你好 %(x)s"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one module, one template and their catalogue."""
    (tmp_path / "staff").mkdir()
    (tmp_path / "staff" / "views.py").write_text(SOURCE)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    main = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    main.parent.mkdir(parents=True)
    main.write_text(TRANSLATED)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "MAIN", main)
    return tmp_path


def change(project: Path, before: str, after: str) -> list[str]:
    text = messages.MAIN.read_text()
    assert before in text
    messages.MAIN.write_text(text.replace(before, after))
    return messages.faults()


def test_a_complete_catalogue_has_no_fault(project: Path) -> None:
    assert messages.faults() == []


def test_a_string_without_chinese_is_named_with_its_place(project: Path) -> None:
    assert change(project, 'msgstr "登录"', 'msgstr ""') == ["staff/views.py:3: 'Sign in' has no Chinese"]


def test_a_string_that_no_catalogue_has_is_named(project: Path) -> None:
    (project / "templates" / "new.html").write_text('{% load i18n %}\n{% translate "New" %}')
    assert messages.faults() == ["templates/new.html:2: 'New' is in no catalogue; run `make messages`"]


def test_a_string_that_no_source_says_is_named(project: Path) -> None:
    (project / "templates" / "page.html").write_text("")
    assert messages.faults() == [f"{text!r} is translated but no source says it" for text in ("Home", "Hello %(x)s")]


def test_a_string_that_an_f_string_hides_is_a_fault(project: Path) -> None:
    """The extractor does not see it, so no catalogue would ever get it."""
    (project / "staff" / "hidden.py").write_text("a = f\"{_('Nobody finds me')}: {1}\"\nb = f'{len([])}'\n")
    assert messages.faults() == [
        "staff/hidden.py:1: a string inside an f-string cannot be taken out of it; put it before"
    ]


def test_a_lost_placeholder_is_a_fault(project: Path) -> None:
    assert "has other placeholders" in change(project, "你好 %(x)s", "你好")[0]


def test_a_fuzzy_string_is_a_fault(project: Path) -> None:
    assert "is marked fuzzy" in change(project, 'msgid "Home"', '#, fuzzy\nmsgid "Home"')[0]


def test_updating_adds_what_is_new_and_keeps_what_there_was(project: Path) -> None:
    (project / "templates" / "page.html").write_text('{% load i18n %}{% translate "New" %}')
    messages.update()
    assert messages.faults() == ["templates/page.html:1: 'New' has no Chinese"]
    (project / "templates" / "page.html").write_text(TEMPLATE)
    messages.update()
    assert messages.faults() == []


def test_compiling_writes_what_django_reads_and_only_what_changed(project: Path) -> None:
    import gettext

    (written,) = messages.compile_all()
    with open(written, "rb") as handle:
        catalogue = gettext.GNUTranslations(handle)
    assert catalogue.gettext("Sign in") == "登录"
    assert catalogue.ngettext("%(n)s person", "%(n)s people", 5) == "%(n)s 人"
    assert catalogue.pgettext("a tier", "Star") == "星级"
    assert messages.compile_all() == []
