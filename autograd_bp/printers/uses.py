"""What printers of statements have in common: what is used more than once gets a variable."""

from __future__ import annotations

from autograd_bp.expressions import Expression, walk


class Uses:
    """Counts how often the parts of expressions are used, and keeps their texts.

    Attributes:
        lines: the statements that set the variables.
    """

    def __init__(self) -> None:
        self._written: dict[int, tuple[str, int]] = {}  # the text of a node, and how it binds
        self._uses: dict[int, int] = {}
        self._counted: set[int] = set()
        self.lines: list[str] = []

    def expect(self, *roots: Expression) -> None:
        """Say that these will be printed too: what they share with others gets a variable."""
        for node in walk(*roots):
            if id(node) not in self._counted:
                self._counted.add(id(node))
                for part in node.operands:
                    self._uses[id(part)] = self._uses.get(id(part), 0) + 1

    def _part(self, node: Expression, binding: int) -> str:
        """A part of an expression that binds so strongly, in brackets where it needs them."""
        text, own = self._written[id(node)]
        return f"({text})" if own < binding else text
