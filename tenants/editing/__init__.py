"""The one way records are edited in place: address (record, field), merge per field, conflict kept, nothing lost."""

from tenants.editing.cells import Cell
from tenants.editing.fields import Choice, EditField
from tenants.editing.registry import Edit, Editable, editable, register
from tenants.editing.saving import Conflict, Mark, Saved, save_field

__all__ = [
    "Cell",
    "Choice",
    "Conflict",
    "Edit",
    "EditField",
    "Editable",
    "Mark",
    "Saved",
    "editable",
    "register",
    "save_field",
]
