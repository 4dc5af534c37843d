"""The API: one declaration per kind of record (``Resource``), made into URLs, permissions, bodies and OpenAPI alike.

What may be written, how it is checked and what it says when it is wrong comes from ``tenants.editing``; who may do it
from ``tenants.permissions``. A room declares its resources in ``<room>/api.py``; ``cs_planner/api.py`` joins them.
"""

from tenants.api.problems import Fault, Problem
from tenants.api.queries import Query, between, filter_by
from tenants.api.resources import Adding, New, Part, Resource, Shown, Verb, column
from tenants.api.shapes import Shape, of_column

__all__ = [
    "Adding",
    "Fault",
    "New",
    "Part",
    "Problem",
    "Query",
    "Resource",
    "Shape",
    "Shown",
    "Verb",
    "between",
    "column",
    "filter_by",
    "of_column",
]
