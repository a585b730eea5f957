"""The slope of a function of one number, from its values alone, with an estimate of its error.

A function may have two slopes: that at steps too short for its noise, and the one beyond the
noise; or that between two of its many kinks, and the mean one. Both are found (see ladder.py and
series.py). `Slope` is the one that counts, and its `rival` is the other.
"""

from __future__ import annotations

import math
import sys
from dataclasses import replace

from autograd_bp.checking.numeric.ladder import Ladder, Rival, Side, Slope
from autograd_bp.checking.numeric.noise import Line, Noise, measured_noise, noise_at
from autograd_bp.checking.numeric.resting import resting_error
from autograd_bp.checking.numeric.series import all_series
from autograd_bp.checking.numeric.settling import has_settled, shorter_scales
from autograd_bp.checking.numeric.tableau import NOISE_FACTOR, SAFETY

__all__ = ["Rival", "Side", "Slope", "best_slope", "jump", "slope", "slope_beyond_jumps"]

SHARP_ERROR = 1e-3  # relative: a slope that is known no better may be that of another place
FLAT_ERROR = 1e-6  # of the slope at long steps: the error of a slope that is 0
GOOD_ERROR = 1e-10  # relative: above it other scales of steps are tried
CLEAN_ERROR = 2e-12  # relative: below it the noise is measured near the point only
NOISE_STEPS = 64.0
HUGE = 2.0**960
DIVISOR = 2.0**200
SMALL_NOISE = 1e-4  # of the function: larger disturbances are structure, not noise
TINY_NOISE = 1e-8
LARGE_NOISE = 0.05  # of the function: what looks like so much noise is a pole or a peak nearby
STEPS = 2e-3  # of the function: stairs as low as this are values that are rounded
ROUGH_ERROR = 1e-4  # relative: where it is more, more values are taken
ROUNDINGS = 30.0  # of the function: jumps as low as this are rounding
DRIFT = 64.0  # times the jumps: how far they may take the function over the whole scale
BIAS = 5e-5  # relative: and how far the values may be off smoothly, as an integrator's are; by the
# root of the disturbances where that is more: these are differences of two such errors


def jump(line: Line, at: float, step: float, rounding: float, found: Slope) -> Slope:
    """The slope, or that of a jump where the function changes more within a step than it could."""
    (up, above), (down, below) = line(step), line(-step)
    noise = 8.0 * noise_at(line, at, step) + 1000.0 * rounding * abs(at)
    usual = noise + 100.0 * found.broad * (up - down)
    if abs(above - at) > usual:
        return replace(found, kind="jump", right=found.right._replace(jumps=True))
    if abs(below - at) > usual:
        return replace(found, kind="jump", left=found.left._replace(jumps=True))
    return found


def best_slope(line: Line, at: float, x: float, scale: float | None, rounding: float) -> Slope:
    """The slope in a number x, with the scale of steps that works best when none is given."""
    if HUGE < abs(at) < math.inf:  # its quotients may overflow where its values do not

        def smaller(step: float) -> tuple[float, float]:
            moved, value = line(step)
            return moved, value / DIVISOR

        found = _best_slope(smaller, at / DIVISOR, x, scale, rounding)
        return _multiplied(found, DIVISOR)
    return _best_slope(line, at, x, scale, rounding)


def _multiplied(slope: Slope, factor: float) -> Slope:
    """The slope of a function that is so many times as large."""
    left, right = (
        side._replace(value=side.value * factor, error=side.error * factor)
        for side in (slope.left, slope.right)
    )
    rival = slope.rival
    if rival is not None:
        rival = rival._replace(value=rival.value * factor, error=rival.error * factor)
    sizes = (slope.noise, slope.steepest, slope.broad, slope.bend)
    noise, steepest, broad, bend = (min(size * factor, sys.float_info.max) for size in sizes)
    return replace(
        slope,
        value=slope.value * factor,
        error=slope.error * factor,
        left=left,
        right=right,
        rival=rival,
        noise=noise,
        steepest=steepest,
        broad=broad,
        bend=bend,
    )


def _best_slope(line: Line, at: float, x: float, scale: float | None, rounding: float) -> Slope:
    grain = rounding * abs(x) if math.isfinite(x) else 0.0
    if scale is not None:
        found = slope(line, at, scale, rounding, grain)
        settled = has_settled(found, line, at, grain)
        return found if settled else replace(found, kind="unsettled")
    usual = abs(x) if x and math.isfinite(x) else 1.0
    best = slope(line, at, usual, rounding, grain)
    others = [1.0] if 0.0 < usual < 1.0 else [] if x else [2.0**-30, 2.0**30]
    for other in others:
        # A tiny x does not mean that the function changes in tiny steps.
        size = max(abs(best.value), abs(at) / max(usual, other))
        if best.kind != "smooth" or best.error <= GOOD_ERROR * size:
            break
        candidate = slope(line, at, other, rounding, grain)
        # In steps far too long a bounded function looks flat, and the error is small as well.
        is_closer = candidate.error < best.error and _doubt(candidate) < _doubt(best)
        if candidate.kind == "smooth" and is_closer:
            best = candidate
    return _settled(best, line, at, usual, rounding, grain)


def _settled(
    found: Slope, line: Line, at: float, usual: float, rounding: float, grain: float
) -> Slope:
    """The slope, or the one at steps that are short enough, where the point is so near an edge or
    a pole that the usual steps are too long."""
    is_smooth = found.kind == "smooth"
    if is_smooth and (_doubt(found) <= SHARP_ERROR or not found.value):
        return found
    if not is_smooth and has_settled(found, line, at, grain):
        return found
    for scale in shorter_scales(line, usual, grain, is_smooth=is_smooth):
        closer = slope(line, at, scale, rounding, grain)
        # A slope of 0 is known well where it is far below that at long steps.
        is_known = _doubt(closer) <= min(SHARP_ERROR, _doubt(found))
        is_flat = closer.error <= FLAT_ERROR * found.broad and not is_smooth
        if closer.kind == "smooth" and (is_known or is_flat):
            return replace(closer, grain=grain)
    return found if is_smooth else replace(found, kind="unsettled")


def _doubt(slope: Slope) -> float:
    """The error of a slope relative to it."""
    return slope.error / abs(slope.value) if slope.value else math.inf


def slope(line: Line, at: float, scale: float, rounding: float, grain: float = 0.0) -> Slope:
    """The slope at 0 of a line through a function.

    Arguments:
        line: from a step to the step that was possible and the function's value there (NaN
            outside its domain).
        at: the value at step 0.
        scale: the size of steps that change the function notably.
        rounding: the relative rounding error of its values, 2^-52 for doubles.
        grain: how far rounding may move the argument inside the function.
    """
    ladder = Ladder(line, at, scale, rounding, grain)
    clean = ladder.conclusion(0.0)
    # Entries that agree as closely as this may still do so by chance: values that are rounded to
    # a grid have quotients that are equal exactly.
    goal = max(CLEAN_ERROR, 30.0 * rounding) * max(abs(clean.value), abs(at) / scale)
    # A function that rests here and moves farther off may have stairs, of values that are rounded.
    is_clear = clean.rival is None and (abs(clean.value) > clean.error or not clean.broad)
    if clean.error <= goal and clean.kind == "smooth" and is_clear:
        near = max(clean.noise, noise_at(line, at, clean.step / NOISE_STEPS))
        error = clean.error + NOISE_FACTOR[2] * (near - clean.noise) / clean.step
        return replace(clean, error=error, noise=near)
    if clean.kind == "smooth" and abs(clean.value) <= clean.error and clean.broad:
        rest = resting_error(line, at, scale, rounding, clean.broad)
        if rest is not None:
            flat = Side(0.0, rest)
            return replace(clean, value=0.0, error=rest, left=flat, right=flat)
    noise = measured_noise(line, at, scale, rounding, clean.step / NOISE_STEPS)
    found = _in_noise(ladder, clean, noise)
    least = max(ROUGH_ERROR * abs(found.value), 30.0 * rounding * abs(at) / scale)
    is_rough = found.kind == "smooth" and found.error > least
    return _refined(found, line, at, rounding) if is_rough else found


def _refined(rough: Slope, line: Line, at: float, rounding: float) -> Slope:
    """The slope of a noisy function by more of its values, where these agree with it."""
    best = rough
    for series in all_series(line, at, rough.scale, rounding):
        agrees = abs(series.slope - rough.value) <= SAFETY * (series.error + rough.error)
        if agrees and series.error < best.error:
            best = replace(best, value=series.slope, error=series.error, step=series.half)
    return best


def slope_beyond_jumps(
    line: Line, at: float, scale: float, rounding: float, grain: float
) -> Rival | None:
    """The slope of the smooth function that the values follow but for small jumps; None where
    there are no jumps, or where they are not small."""
    for series in all_series(line, at, scale, rounding):
        if series.plateau <= ROUNDINGS * (rounding * series.size + grain * abs(series.slope)):
            return None
        if series.plateau <= SMALL_NOISE * series.size:
            bias = max(BIAS, math.sqrt(series.plateau / series.size))
            drift = max(DRIFT * series.plateau / scale, bias * abs(series.slope))
            return Rival(series.slope, max(series.error, drift), series.half, False)
    return None


def _in_noise(ladder: Ladder, clean: Slope, noise: Noise) -> Slope:
    """The slope of a function whose values are off by more than rounding, or seem to be."""
    is_noise = clean.noise < noise.local <= LARGE_NOISE * ladder.size
    local = ladder.conclusion(noise.local) if is_noise else clean
    if noise.lasting <= local.noise:
        return local
    beyond = ladder.conclusion(noise.lasting)  # of a function that is not 0 everywhere
    # Noise is small, and fine or flat or tiny; what disturbs a function otherwise is the function
    # itself, if it has a slope at short steps.
    is_flat = abs(local.value) <= local.error
    size = noise.lasting / ladder.size
    is_small = (
        size <= TINY_NOISE or (is_flat and size <= STEPS) or (noise.is_fine and size <= SMALL_NOISE)
    )
    most = SHARP_ERROR * abs(local.value)
    if size > LARGE_NOISE:
        most = max(LARGE_NOISE * abs(local.value), FLAT_ERROR * local.broad)
    if is_small or local.error > most:
        if local.kind != "smooth":
            return beyond
        return replace(beyond, rival=Rival(local.value, local.error, local.step, True))
    if beyond.kind == "smooth" and beyond.error <= 1e-3 * abs(beyond.value):
        return replace(local, rival=Rival(beyond.value, beyond.error, beyond.step, False))
    return local
