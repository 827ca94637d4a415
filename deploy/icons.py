"""The administration's icon font, cut down to the icons that its pages name: ``python -m deploy.icons``.

The shell ships four thousand icons in 290 KB. Ours takes their place in ``static/``, under the same name and licence
(Apache 2.0). A test says when a page names an icon that is not in it. Needs fonttools and brotli, which nothing else does.
"""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "static" / "unfold" / "fonts" / "material-symbols"
NAMES = TARGET / "icons.txt"
FONT = "Material-Symbols-Outlined.woff2"

_SPAN = re.compile(r"material-symbols-outlined[^>]*>\s*([a-z][a-z0-9_]*)\s*<")
_ARGUMENT = re.compile(r"icon=\"([a-z][a-z0-9_]*)\"")
_CONTENT = re.compile(r"content-\['([a-z_\\]+)'\]")


def shell() -> Path:
    """Where the shell's own files lie."""
    import unfold

    return Path(unfold.__file__).parent


def named() -> set[str]:
    """Every icon that a template or a widget of the shell or of ours names, and those of our navigation."""
    found: set[str] = set()
    for folder in (shell() / "templates", ROOT / "templates"):
        for file in folder.rglob("*.html"):
            text = file.read_text(encoding="utf-8")
            found |= set(_SPAN.findall(text)) | set(_ARGUMENT.findall(text))
    widgets = (shell() / "widgets.py").read_text(encoding="utf-8")
    found |= {name.replace("\\", "") for name in _CONTENT.findall(widgets)}
    return found | set(_in_settings(ROOT / "config" / "unfold.py"))


def _in_settings(file: Path) -> list[str]:
    """The third argument of ``_item`` and ``_list``, and every value of ``icon`` and ``SITE_SYMBOL``."""
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_item", "_list"}:
            found.append(node.args[2])
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            found += [value for key, value in pairs if isinstance(key, ast.Constant) and key.value in _KEYS]
    return [icon.value for icon in found if isinstance(icon, ast.Constant) and isinstance(icon.value, str)]


_KEYS = {"icon", "SITE_SYMBOL"}


def held() -> set[str]:
    """The icons of our font."""
    return set(NAMES.read_text(encoding="utf-8").split())


def cut() -> None:
    """Writes the font with the named icons alone, at its default weight, and the list of them."""
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    source = shell() / "static" / "unfold" / "fonts" / "material-symbols"
    font = TTFont(source / FONT)
    if "fvar" in font:
        font = instancer.instantiateVariableFont(font, {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes})
    wanted = sorted(named())
    letters = font.getBestCmap()
    spelled = {tuple(letters[ord(letter)] for letter in name): name for name in wanted}
    glyphs = set()
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            table = getattr(table, "ExtSubTable", table)
            for first, ligatures in getattr(table, "ligatures", {}).items():
                kept = [one for one in ligatures if (first, *one.Component) in spelled]
                ligatures[:] = kept
                glyphs |= {one.LigGlyph for one in kept}
    options = subset.Options(layout_features=["liga", "rlig", "clig", "calt"], flavor="woff2", hinting=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(glyphs=glyphs, text="abcdefghijklmnopqrstuvwxyz0123456789_")
    subsetter.subset(font)
    TARGET.mkdir(parents=True, exist_ok=True)
    subset.save_font(font, str(TARGET / FONT), options)
    shutil.copy(source / "LICENSE", TARGET / "LICENSE")
    NAMES.write_text("\n".join(wanted) + "\n", encoding="utf-8")


if __name__ == "__main__":
    cut()
