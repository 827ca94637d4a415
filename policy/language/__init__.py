"""The policy language: text of a document → a checked policy, or every fault at its place."""

from policy.language.checked import Checked
from policy.language.document import bind, check, load_document, notices, title_of
from policy.language.faults import Fault, Faults
from policy.language.nodes import show
from policy.language.parse import parse

__all__ = ["Checked", "Fault", "Faults", "bind", "check", "load_document", "notices", "parse", "show", "title_of"]
