"""Every exception that this library raises on purpose.

AutogradError
├── OperandError (TypeError)             an operand that is not a real number
│   └── NodeComparisonError              == of two Values where only their numbers can be meant
├── ConversionError (TypeError)          a Value where a plain number or a truth value was wanted
├── NotDifferentiableError (ValueError)  a sweep through an operation that has no derivative
├── BranchError (TypeError)              a branch on data in a function that is compiled
├── FrozenNumberError (ValueError)       a number that a compiled function would keep for ever
├── BadIndexError (IndexError)           an index outside of its table
├── LoopLimitError (RuntimeError)        a loop that needs more rounds than its limit
├── LoopMemoryError (MemoryError)        a loop that needs more rounds than there is memory for
├── NestedSweepError (RuntimeError)      a sweep that starts in the middle of another
├── PrimitiveError (ValueError)          a row of the table of primitives that cannot work
├── ProgramError (ValueError)            a program that is not valid, or a damaged file of one
├── ShapeError (ValueError)              the wrong number of inputs, outputs, weights
├── MatrixError (ValueError)             a matrix without an inverse or a factorisation
├── UnknownNameError (AttributeError)    an attribute that the object does not have
├── UnknownImportError (ImportError)     a name of another library that is imported from here
│   └── UnknownModuleError (ModuleNotFoundError)  the same, of a module: `import autograd_bp.jit`
├── SettingError (ValueError)            a setting out of range: a layer of size 0, a negative rate
├── KeywordError (TypeError)             a keyword that a function does not have
├── DataError (ValueError)               a data set that cannot be read as asked
├── ModelError (ValueError)              a model file that cannot be loaded
├── GradientMismatchError (AssertionError)  a gradient that a check did not find right
├── GradingError (ValueError)            a reference or a solution that cannot be graded as asked
├── SideEffectError (ValueError)         a function that changes its argument while it is checked
├── DrawingError (RuntimeError)          a picture that cannot be made
├── OutputError (OSError)                a file that cannot be written; what was there stays
└── MissingExtraError (ImportError)      an optional package that this feature needs

Each message says what happened, what was received and what to do about it.
"""


class AutogradError(Exception):
    """The base of every error raised on purpose: `except AutogradError` catches them all."""


class OperandError(AutogradError, TypeError):
    """An operand is not a real number, a NumPy number or a Value.

    Strings, complex numbers and None have no place in a graph of real numbers. Convert
    them first, for example with `float(text)`.
    """


class NodeComparisonError(OperandError):
    """Two Values were compared by == or != in code that was written for plain floats.

    Values are equal where they are the same node, and a loop that waits for equal numbers would
    not end. Compare the numbers: `a.data == b.data`.
    """


class ConversionError(AutogradError, TypeError):
    """A Value was used where Python wants a plain number or a truth value.

    `float(v)`, `math.exp(v)` and `if v:` would all drop the record of how `v` was made, and
    gradients would silently be lost. Use `v.data` for the number itself, `v.exp()` for a
    recorded exponential, and compare (`v > 0`) instead of asking for the truth of `v`.
    """


class NotDifferentiableError(AutogradError, ValueError):
    """A sweep reached an operation that cannot be differentiated, such as `threshold`.

    The step function is flat wherever it has a derivative at all, so no gradient could ever
    move a weight that stands before it. The sigmoid is its smooth replacement.
    """


class BranchError(AutogradError, TypeError):
    """A function that is being compiled compared a Value, and so would go one way for all data.

    A compiled function is recorded once and then runs on other numbers. `where`, `maximum`,
    `minimum`, `abs` and `relu` choose when it runs; an argument that is only there to be
    branched on can be declared static.
    """


class FrozenNumberError(AutogradError, ValueError):
    """A function that is being compiled drew random numbers, or looked for what changes by itself.

    A compiled function is recorded once and then runs on other numbers: what it drew would be the
    same at every call. Draw the numbers outside and pass them as an argument.
    """


class BadIndexError(AutogradError, IndexError):
    """`take` got an index that is negative, too large, not whole or NaN.

    It is raised on plain numbers, on Values, and when a compiled function runs. Nothing outside of
    the table is read.
    """


class LoopLimitError(AutogradError, RuntimeError):
    """A loop, `while_loop` or `fori`, needs more rounds than `limit=` says.

    Its condition may never become false, for example because a number became NaN; or the limit is
    too low.
    """


class LoopMemoryError(AutogradError, MemoryError):
    """A loop without `limit=` in a compiled function needs more memory than it may take.

    All of its rounds are kept for derivatives. It may never end; or the environment variable
    AUTOGRAD_BP_LOOP_MIB has to allow more.
    """


class NestedSweepError(AutogradError, RuntimeError):
    """A signal handler or a destructor called backward() inside a sweep of the same thread.

    A sweep marks the nodes it has seen, so there can be one at a time. Other threads wait
    for their turn; a thread cannot wait for itself.
    """


class PrimitiveError(AutogradError, ValueError):
    """A primitive cannot be registered or applied: its name is taken, its arity is wrong,
    or its rule returns the wrong number of partial derivatives."""


class ProgramError(AutogradError, ValueError):
    """A program is not valid, or a file of one is damaged or of another version."""


class ShapeError(AutogradError, ValueError):
    """The number of inputs, outputs or weights is not the number that is needed."""


class MatrixError(AutogradError, ValueError):
    """A matrix is singular, or not positive definite, so that what was asked for does not exist.

    `det` of a singular matrix exists, and has derivatives; `lstsq` solves systems of more
    equations than unknowns. In a function that is compiled the numbers of a matrix are not known
    when it is traced: there the result is infinite or NaN.
    """


class UnknownNameError(AutogradError, AttributeError):
    """An object has no attribute of that name; the message lists the names that it has.

    Setting an unknown attribute of a `Neuron`, a `Layer` or a `Network` would have no effect on
    what it computes. A class of your own that is derived from them, or from `Module`, may have any
    names.
    """


class UnknownImportError(AutogradError, ImportError):
    """A name that another library has was imported from here; the message says what it is called.

    `from autograd_bp import jit` says that it is `compiled`. A name of which nothing is known is
    Python's own ImportError.
    """


class UnknownModuleError(UnknownImportError, ModuleNotFoundError):
    """A module that another library has was imported from here: `import autograd_bp.numpy`."""


class SettingError(AutogradError, ValueError):
    """A setting is outside its range; the message names it, its range and what was given."""


class KeywordError(AutogradError, TypeError):
    """A function does not have this keyword; the message names the one that it has for it.

    Words of other libraries are known: `argnums` is `wrt` here, and `lr` is `rate`.
    """


class DataError(AutogradError, ValueError):
    """A data set cannot be read as asked; the message names the file, the row and the column."""


class ModelError(AutogradError, ValueError):
    """A model file is damaged, of another version, or not a model at all."""


class GradientMismatchError(AutogradError, AssertionError):
    """A gradient is wrong, or could not be shown to be right. `.report` says what was found.

    The message is the report as a table: what was given, what other ways of finding it say,
    and the verdict.
    """

    def __init__(self, message: str = "", report: object = None) -> None:
        super().__init__(message)
        self.report = report


class SideEffectError(AutogradError, ValueError):
    """A function changes its argument, so that calling it twice asks two questions.

    Let it work on a copy. State that it keeps elsewhere shows as the verdict NONDETERMINISTIC.
    """


class GradingError(AutogradError, ValueError):
    """Solutions cannot be graded as asked: the reference is wrong, or the system cannot limit them.

    The message names the file and the task. What a student's file does wrong raises nothing: it is
    that student's result.
    """


class DrawingError(AutogradError, RuntimeError):
    """A picture cannot be made: an unknown format, no renderer, or a graph beyond the limit."""


class OutputError(AutogradError, OSError):
    """A file cannot be written. What stood at its path before is untouched."""


class MissingExtraError(AutogradError, ImportError):
    """An optional package is not installed; the message gives the command that installs it."""
