"""Products of slopes and derivatives in JAX that an exact zero stops, as it stops a sweep.

A primitive of JAX: p(slope, derivative) is 0 where the derivative is 0, whatever the slope is, and
else their product. It is linear in the derivative, which JAX is told, so that it differentiates in
both modes and to any order. So the slope of a branch of `where` that is not taken may be infinite
or NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["stopping_product"]

Array = Any  # of JAX


def stopping_product(jax: Any) -> Callable[[Array, Array], Array]:
    """The product of a slope and a derivative, of any shapes that fit.

    Arguments:
        jax: the module.
    """
    from jax.interpreters import ad, batching, mlir

    try:
        from jax.extend.core import Primitive
    except ImportError:  # before JAX 0.4.36
        from jax.core import Primitive

    numpy = jax.numpy
    product = Primitive("autograd_bp_stopping_product")

    def compute(slope: Array, derivative: Array) -> Array:
        return numpy.where(derivative == 0.0, 0.0, slope * derivative)

    def moved(primals: Sequence[Array], tangents: Sequence[Array]) -> tuple[Array, Array]:
        slope, derivative = primals
        of_slope, of_derivative = tangents
        amounts = []
        if not isinstance(of_slope, ad.Zero):  # where the derivative is 0, any slope gives 0
            counts = numpy.where(derivative == 0.0, 0.0, of_slope)
            amounts.append(product.bind(derivative, counts))
        if not isinstance(of_derivative, ad.Zero):
            amounts.append(product.bind(slope, of_derivative))
        y = product.bind(slope, derivative)
        return y, sum(amounts[1:], amounts[0]) if amounts else ad.Zero.from_primal_value(y)

    def transposed(cotangent: Array, slope: Array, _: Any) -> list[Array | None]:
        if isinstance(cotangent, ad.Zero):
            return [None, None]
        return [None, product.bind(slope, cotangent)]

    def batched(operands: Sequence[Array], axes: Sequence[Any]) -> tuple[Array, int]:
        size = next(
            x.shape[axis] for x, axis in zip(operands, axes, strict=True) if axis is not None
        )
        wide = [
            numpy.broadcast_to(x, (size, *x.shape))
            if axis is None  # the same for all
            else numpy.moveaxis(x, axis, 0)
            for x, axis in zip(operands, axes, strict=True)
        ]
        return product.bind(*wide), 0

    product.def_impl(jax.jit(compute))
    product.def_abstract_eval(lambda slope, _: slope)
    mlir.register_lowering(product, mlir.lower_fun(compute, multiple_results=False))
    ad.primitive_jvps[product] = moved
    ad.primitive_transposes[product] = transposed
    batching.primitive_batchers[product] = batched

    def of(slope: Array, derivative: Array) -> Array:
        return product.bind(*numpy.broadcast_arrays(slope, derivative))

    return of
