"""The translations without GNU gettext: ``python -m deploy.messages compile | check | update``.

The sources hold English; ``locale/`` (and an app's own ``locale/``, where it has one) holds the Chinese. What we
translate for packages that come without Chinese lies apart, in ``locale/packages/``, and is not held against our
sources.
"""

from __future__ import annotations

import ast
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
APPS = ("config", "staff", "policy", "assessment", "promotion", "payroll")
LANGUAGE = "zh_Hans"
MAIN = ROOT / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"]),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

Key = tuple[str | None, str]


def catalogues() -> list[Path]:
    """Every Chinese catalogue of ours, the main one first."""
    folders = [ROOT / "locale", *(ROOT / app / "locale" for app in APPS)]
    return [file for folder in folders if (file := folder / LANGUAGE / "LC_MESSAGES" / "django.po").exists()]


def compile_all() -> list[Path]:
    """Write each ``.mo`` that is older than its ``.po``; the files written. Safe against another process doing the
    same.
    """
    written = []
    for source in [*catalogues(), *ROOT.glob("locale/packages/*/LC_MESSAGES/django.po")]:
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        with open(draft, "wb") as handle:
            write_mo(handle, read(source))
        draft.replace(target)
        written.append(target)
    return written


def read(file: Path) -> Catalog:
    with open(file, "rb") as handle:
        return read_po(handle, locale=LANGUAGE, abort_invalid=True)


def extracted() -> Catalog:
    """What the sources want translated, with the files it stands in."""
    found = Catalog(locale=LANGUAGE, project="promotion", fuzzy=False)
    for file in _sources():
        name = str(file.relative_to(ROOT))
        text = file.read_text(encoding="utf-8")
        if file.suffix != ".py":
            # The tokenizer of Python reads it next, so indentation must mean nothing.
            text = "\n".join(line.lstrip() for line in templatize(text, origin=name).splitlines())
        for line, function, messages, _comments in extract_python(io.BytesIO(text.encode()), list(KEYWORDS), [], {}):
            _add(found, KEYWORDS[function or "_"], messages, (name, line))
    return found


def _sources() -> Iterator[Path]:
    for app in APPS:
        for file in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in file.parts:
                yield file
    for folder in (ROOT / "templates", *(ROOT / app / "templates" for app in APPS)):
        for pattern in ("*.html", "*.txt"):
            yield from sorted(folder.rglob(pattern))


def _add(
    catalogue: Catalog,
    shape: tuple[int | tuple[int, str], ...] | None,
    messages: str | tuple[str | None, ...] | list[str | None] | None,
    place: tuple[str, int],
) -> None:
    """Add one call's strings; a call with a computed string has none and is passed over."""
    arguments = [messages] if isinstance(messages, str) else list(messages or [])
    context, wanted = None, []
    for position in shape or (1,):
        index = position[0] if isinstance(position, tuple) else position
        text = arguments[index - 1] if index <= len(arguments) else None
        if not text:
            return
        if isinstance(position, tuple):
            context = text
        else:
            wanted.append(text)
    catalogue.add(wanted[0] if len(wanted) == 1 else tuple(wanted), locations=[place], context=context)


def key(message: Message) -> Key:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def faults() -> list[str]:
    """What keeps the Chinese from being complete and in step, each with its place."""
    wanted = {key(message): message for message in extracted() if message.id}
    had: dict[Key, Message] = {}
    for file in catalogues():
        had |= {key(message): message for message in read(file) if message.id}
    found = []
    for which, message in wanted.items():
        place = "{}:{}".format(*message.locations[0])
        if which not in had:
            found.append(f"{place}: {which[1]!r} is in no catalogue; run `make messages`")
        elif fault := _fault_of(had[which]):
            found.append(f"{place}: {which[1]!r} {fault}")
    found += [f"{place}: a string inside an f-string cannot be taken out of it; put it before" for place in _hidden()]
    found += [f"{which[1]!r} is translated but no source says it" for which in had if which not in wanted]
    return found


def _hidden() -> Iterator[str]:
    """Where a string to translate stands inside an f-string, which is one token to the extractor (before Python 3.12)."""
    for file in _sources():
        if file.suffix != ".py":
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for text in (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)):
            calls = (node.func for node in ast.walk(text) if isinstance(node, ast.Call))
            if any(isinstance(name, ast.Name) and name.id in KEYWORDS for name in calls):
                yield f"{file.relative_to(ROOT)}:{text.lineno}"


def _fault_of(message: Message) -> str | None:
    texts = [message.string] if isinstance(message.string, str) else list(message.string)
    if not all(texts):
        return "has no Chinese"
    if message.fuzzy:
        return "is marked fuzzy"
    originals = [message.id] if isinstance(message.id, str) else list(message.id)
    placeholders = {place for text in originals for place in PLACEHOLDER.findall(text)}
    for text in texts:
        if set(PLACEHOLDER.findall(text)) != placeholders:
            return f"has other placeholders in Chinese: {text!r}"
    return None


def update() -> None:
    """Bring the main catalogue in step: new strings empty, old ones kept as obsolete and taken up again when they
    return.
    """
    catalogue = read(MAIN) if MAIN.exists() else Catalog(locale=LANGUAGE, project="promotion", fuzzy=False)
    for which, message in list(catalogue.obsolete.items()):
        catalogue[message.id] = message
        del catalogue.obsolete[which]
    elsewhere = {key(message) for file in catalogues() if file != MAIN for message in read(file)}
    template = Catalog(locale=LANGUAGE, project="promotion", fuzzy=False)
    for message in extracted():
        if message.id and key(message) not in elsewhere:
            template.add(message.id, locations=message.locations, context=message.context)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.fuzzy = False
    MAIN.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, sort_by_file=True, include_lineno=False, omit_header=False)
    draft = MAIN.with_suffix(".draft")
    draft.write_bytes(buffer.getvalue())
    draft.replace(MAIN)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["compile"]:
            for file in compile_all():
                print(f"compiled {file.relative_to(ROOT)}")
        case ["update"]:
            update()
        case ["check"]:
            found = faults()
            print("\n".join(found) or "Translations are complete.")
            return 1 if found else 0
        case _:
            print("usage: python -m deploy.messages compile | check | update", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
