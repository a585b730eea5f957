"""Faults in the table of primitives, made from its source: in every expression, rule and column."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
COMPARISONS = {
    ast.Gt: ast.Lt,
    ast.Lt: ast.Gt,
    ast.GtE: ast.Gt,
    ast.LtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
FUNCTIONS = {
    "sin": "cos",
    "cos": "sin",
    "exp": "expm1",
    "expm1": "exp",
    "log": "log1p",
    "log1p": "log",
    "sinh": "cosh",
    "cosh": "sinh",
    "digamma": "trigamma",
    "trigamma": "digamma",
    "polygamma": "spherical_bessel_pi",
    "polygamma_2": "polygamma_3",
    "polygamma_3": "polygamma_2",
    "isnan": "isfinite",
    "isinf": "isfinite",
    "isfinite": "isnan",
}
MAKERS = {"entry", "fold", "comparison"}
# Columns that say how an entry is called, drawn or tested, and where its kinks are, which is
# what checks of gradients use: faults there are the matter of their own tests.
SKIPPED_COLUMNS = {
    "public",
    "symbol",
    "latex",
    "numpy",
    "points",
    "kinks",
    "kink",
    "refusal",
    "notation",
    "labels",
    "strict",
}


class Fault(NamedTuple):
    """One change of the table.

    Attributes:
        line: where.
        before, after: the piece of source; a small one with what it belongs to.
        text: the whole file with the fault.
        is_in_rule: whether it is in the rule of an entry.
        primitives: the names of the entries that compute with this piece.
    """

    line: int
    before: str
    after: str
    text: str
    is_in_rule: bool
    primitives: list[str]


def faults_of(source: str) -> Iterator[Fault]:
    """The faults of every entry, and of the functions and stages that entries share."""
    lines = source.splitlines()
    for statement, names in used_statements(ast.parse(source)):
        first, last = statement.lineno - 1, statement.end_lineno
        rule = {*map(id, ast.walk(_rule(statement)))}
        for node, before, after, mutated in _changes(statement):
            text = "\n".join([*lines[:first], mutated, *lines[last:]]) + "\n"
            yield Fault(node.lineno, before, after, text, id(node) in rule, names)


# ----------------------------------------------------------------- what may replace a piece
def _operation(node: ast.BinOp) -> Iterator[Any]:
    if type(node.op) in OPERATORS:
        yield _with(node, op=OPERATORS[type(node.op)]())


def _comparison(node: ast.Compare) -> Iterator[Any]:
    if type(node.ops[0]) in COMPARISONS:
        yield _with(node, ops=[COMPARISONS[type(node.ops[0])]()])


def _sign(node: ast.UnaryOp) -> Iterator[Any]:
    if isinstance(node.op, (ast.USub, ast.Invert)):
        yield node.operand


def _constant(node: ast.Constant) -> Iterator[Any]:
    if isinstance(node.value, bool):
        yield _with(node, value=not node.value)
    elif isinstance(node.value, float):
        yield _with(node, value=node.value + 1.0)
    elif node.value in FUNCTIONS:
        yield _with(node, value=FUNCTIONS[node.value])


def _name(node: ast.Name) -> Iterator[Any]:
    if node.id in FUNCTIONS:
        yield _with(node, id=FUNCTIONS[node.id])


def _choice(node: ast.Call) -> Iterator[Any]:
    if getattr(node.func, "id", "") == "choose" and len(node.args) == 3:
        condition, yes, no = node.args
        yield _with(node, args=[condition, no, yes])


def _pair(node: ast.Tuple) -> Iterator[Any]:
    if len({*map(ast.dump, node.elts)}) == len(node.elts) == 2:
        yield _with(node, elts=node.elts[::-1])


KINDS: dict[type[ast.AST], Callable[[Any], Iterator[Any]]] = {
    ast.BinOp: _operation,
    ast.Compare: _comparison,
    ast.UnaryOp: _sign,
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Call: _choice,
    ast.Tuple: _pair,
}


def _with(node: Any, **fields: Any) -> Any:
    changed = copy.copy(node)
    for name, field in fields.items():
        setattr(changed, name, field)
    return changed


def _replacements(node: Any) -> Iterator[Any]:
    make = KINDS.get(type(node))
    return iter(()) if make is None else make(node)


def _changes(statement: ast.stmt) -> Iterator[tuple[Any, str, str, str]]:
    """Each fault of a statement: the piece, its source before and after, the whole statement."""
    for parent in _computed(statement):
        for field, content in ast.iter_fields(parent):
            for k, node in enumerate(content if isinstance(content, list) else [content]):
                for replacement in _replacements(node):
                    changed = replacement
                    if isinstance(content, list):
                        changed = [*content[:k], replacement, *content[k + 1 :]]
                    is_small = isinstance(node, (ast.Constant, ast.Name))
                    before = ast.unparse(parent if is_small else node)
                    setattr(parent, field, changed)
                    after = ast.unparse(parent if is_small else replacement)
                    text = ast.unparse(statement)
                    setattr(parent, field, content)
                    yield node, before, after, text


# ------------------------------------------------------------------ the pieces of the table
def used_statements(module: ast.Module) -> list[tuple[ast.stmt, list[str]]]:
    """The statements that make entries, and those that define what entries compute with; beside
    each the names of the entries."""
    entries = [(s, name) for s in module.body if (name := _entry_name(s))]
    helpers = {name: s for s in module.body if (name := _helper_name(s))}
    users: dict[str, list[str]] = {name: [] for name in helpers}
    for statement, entry in entries:
        reached: list[ast.AST] = [statement]
        while reached:
            for name in _names_in(reached.pop()):
                if name in helpers and entry not in users[name]:
                    users[name].append(entry)
                    reached.append(helpers[name])
    shared = [(helpers[name], names) for name, names in users.items() if names]
    return [*[(statement, [entry]) for statement, entry in entries], *shared]


def _entry_name(statement: ast.stmt) -> str:
    """The name of the entry that a statement makes; the empty string if it makes none."""
    call = getattr(statement, "value", None)
    if isinstance(call, ast.Call) and getattr(call.func, "id", "") in MAKERS:
        assert isinstance(call.args[0], ast.Constant)
        return str(call.args[0].value)
    return ""


def _rule(statement: ast.stmt) -> ast.AST:
    """The rule of the entry that a statement makes; an empty piece for another statement."""
    if not _entry_name(statement):
        return ast.Pass()
    call: Any = statement
    second = call.value.args[1]
    if isinstance(second, ast.Call) and getattr(second.func, "id", "") == "Fold":
        return second.args[3]
    return call.value.args[2] if len(call.value.args) > 2 else ast.Pass()


def _helper_name(statement: ast.stmt) -> str:
    """The name of a function or a stage for entries; the empty string for anything else."""
    if isinstance(statement, ast.FunctionDef):
        return statement.name
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
        return "" if _entry_name(statement) else ast.unparse(statement.targets[0])
    return ""


def _names_in(statement: ast.AST) -> Iterator[str]:
    return (node.id for node in _computed(statement) if isinstance(node, ast.Name))


def _computed(statement: ast.AST) -> Iterator[ast.AST]:
    """The pieces of a statement, without the columns that are skipped."""
    call = getattr(statement, "value", None)
    pending: list[ast.AST] = [statement]
    if isinstance(call, ast.Call):  # without what it is assigned to, and without an entry's name
        is_entry = isinstance(statement, ast.stmt) and _entry_name(statement)
        pending = [*call.args[1:], *call.keywords] if is_entry else [call]
    while pending:
        node = pending.pop(0)
        if not (isinstance(node, ast.keyword) and node.arg in SKIPPED_COLUMNS):
            yield node
            pending += ast.iter_child_nodes(node)
