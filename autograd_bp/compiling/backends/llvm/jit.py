"""From the text of a module to functions in memory."""

from __future__ import annotations

import ctypes
import functools
from dataclasses import dataclass
from typing import Any

from autograd_bp.errors import MissingExtraError

CODE_GENERATION = 2  # how hard it tries; 3 takes longer and finds nothing more here
# For long programs without a pattern: ready three to five times sooner, a third slower to run.
QUICK_GENERATION = 0


@dataclass(frozen=True)
class Processor:
    """The abilities of the machine.

    Attributes:
        name, features: as LLVM calls them.
        lanes: how many doubles two of its registers hold.
        vectors: how many doubles a function of libmvec takes, 0 where there is no libmvec.
    """

    name: str
    features: str
    lanes: int
    vectors: int


def llvm() -> Any:
    """llvmlite's binding.

    Raises: MissingExtraError where it is not installed.
    """
    try:
        import llvmlite.binding as binding
    except ImportError:
        raise MissingExtraError(
            'the backend "llvm" needs llvmlite: pip install "autograd_bp[compile]"'
        ) from None
    return binding


def version() -> str:
    """The version of LLVM."""
    return str(llvm().llvm_version_info)


@functools.cache
def processor() -> Processor:
    """Find the abilities of the machine that runs."""
    binding = llvm()
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    features = binding.get_host_cpu_features()
    wide, middle = features.get("avx512f"), features.get("avx2") and features.get("fma")
    lanes = 16 if wide else 8 if middle else 4
    vectors = (8 if wide else 4 if middle else 0) if _has_libmvec(binding) else 0
    return Processor(binding.get_host_cpu_name(), features.flatten(), lanes, vectors)


def _has_libmvec(binding: Any) -> bool:
    """Whether glibc's vector functions are there, those of glibc 2.35 among them."""
    try:
        library = ctypes.CDLL("libmvec.so.1")
        library._ZGVdN4v_tanh  # noqa: B018
        binding.load_library_permanently("libmvec.so.1")
    except (OSError, AttributeError, RuntimeError):
        return False
    return True


def attributes(machine: Processor) -> str:
    width = 512 if "+avx512f" in machine.features else 256
    return (
        f'attributes #0 = {{ nounwind "prefer-vector-width"="{width}" '
        f'"min-legal-vector-width"="{width}" }}\n!0 = !{{}}'
    )


class Code:
    """Functions in memory, as long as this object lives.

    Arguments:
        binary: an object file, see `assemble`.
        machine: the processor that it was made for.
    """

    def __init__(self, binary: bytes, machine: Processor) -> None:
        binding = llvm()
        frame = binding.parse_assembly("")
        self._engine = binding.create_mcjit_compiler(frame, _target(machine, CODE_GENERATION))
        self._engine.add_object_file(binding.ObjectFileRef.from_data(binary))
        self._engine.finalize_object()

    def address(self, name: str) -> int:
        return int(self._engine.get_function_address(name))


def assemble(text: str, machine: Processor, effort: int = CODE_GENERATION) -> bytes:
    """The text of a module as an object file.

    Arguments:
        text: the text.
        machine: the processor that it is for.
        effort: how hard LLVM tries, from 0 to 3; the numbers are the same.
    """
    binding = llvm()
    target = _target(machine, effort)
    parsed = binding.parse_assembly(text)
    parsed.triple = binding.get_default_triple()
    parsed.data_layout = str(target.target_data)
    # Variables become registers. The usual pipelines take ten times as long as this and, the
    # loops being written as they are to run, win little or nothing.
    passes = binding.create_new_module_pass_manager()
    passes.add_sroa_pass()
    options = binding.create_pipeline_tuning_options(speed_level=1)
    passes.run(parsed, binding.create_pass_builder(target, options))
    return bytes(target.emit_object(parsed))


def _target(machine: Processor, effort: int) -> Any:
    return (
        llvm()
        .Target.from_default_triple()
        .create_target_machine(
            cpu=machine.name,
            features=machine.features,
            opt=effort,
            codemodel="jitdefault",
            jit=True,
        )
    )
