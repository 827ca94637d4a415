"""What the grid in the browser says, in the language of the page. Braces are filled in there."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.numbers import MESSAGES


def grid_words() -> dict[str, str]:
    """Key → words; the faults of numbers are the server's own."""
    return {key: str(words) for key, words in MESSAGES.items()} | {
        "all_saved": _("All saved"),
        "saved_at": _("Saved at {time}"),
        "unsaved": _("{count} not saved yet"),
        "offline": _("No connection. {count} not saved yet; they are kept in this browser and sent as soon as it is back."),
        "offline_none": _("No connection. What you type is kept in this browser and sent as soon as it is back."),
        "signed_out": _("Your sign-in has expired. {count} not saved yet; they are kept in this browser."),
        "sign_in": _("Sign in"),
        "lost": _("{count} entries of an earlier visit could not be sent: {list}"),
        "discard": _("Discard"),
        "pasted": _("Pasted {rows} rows × {columns} columns"),
        "pasted_held": _("not saved until you go on"),
        "pasted_faults": _("{count} to be mended: {list}"),
        "pasted_empty": _("{count} empty cells left as they are"),
        "pasted_beyond": _("{count} cells reached beyond the table and were left out"),
        "pasted_exempt": _("{count} cells of people whose month does not count were left out"),
        "undo_paste": _("Undo the paste"),
        "save_paste": _("Save"),
        "undone": _("Undone: {count} cells"),
        "redone": _("Done again: {count} cells"),
        "nothing_to_undo": _("Nothing to undo"),
        "conflict": _("{who} entered {theirs} at {at}; you typed {mine}. Which one holds?"),
        "conflict_file": _("{theirs} came from elsewhere meanwhile; you typed {mine}. Which one holds?"),
        "use": _("Use {value}"),
        "nothing": _("an empty cell"),
        "somebody": _("somebody"),
        "theirs": _("{who} entered it at {at}"),
        "seen_theirs": _("{count} cells were changed by others: {list}"),
        "to_mend": _("To mend"),
        "missing": _("Missing"),
        "clash": _("Conflict"),
        "mend_count": _("{count} to mend"),
        "missing_count": _("{count} missing"),
        "todo": _("{count} to do"),
        "why_faults": _("Not yet: {count} to mend."),
        "why_unsaved": _("Not yet: {count} are not saved."),
        "why_missing": _(
            "{count} missing: say why and hand in; their clauses then wait for data and do not count as 0. After that HR seals."
        ),
        "why_complete": _("Complete. After the hand-in HR seals the month."),
        "time_left": _("{days} d {hours} h left"),
        "hours_left": _("{hours} h {minutes} min left"),
        "next_gap": _("Next who lacks something: {name}"),
        "position": _("{at} of {all}"),
        "yes": _("yes"),
        "no": _("no"),
        "comma": _(", "),
        "list_comma": pgettext("list", ", "),
        "more": _("and {count} more"),
    }  # fmt: skip
