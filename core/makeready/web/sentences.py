"""What the code says below the members of a Struct, for people who read forms and documents."""

import ast
import inspect
import textwrap
from functools import cache
from itertools import pairwise

from msgspec import Struct


@cache
def sentences(kind: type[Struct]) -> dict[str, str]:
    """By member; those that it has from another Struct too."""
    found: dict[str, str] = {}
    for one in reversed(kind.__mro__):
        if issubclass(one, Struct) and one is not Struct:
            found |= _own(one)
    return found


def _own(kind: type[Struct]) -> dict[str, str]:
    body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    statements = body.body if isinstance(body, ast.ClassDef) else []
    found = {}
    for one, following in pairwise(statements):
        if not (isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)):
            continue
        if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            found[one.target.id] = inspect.cleandoc(str(following.value.value)).replace("\n", " ")
    return found
