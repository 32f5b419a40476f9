"""One vector of an image's line at a time: copied, bent by ReLU, pooled, and all of it back.

A line of 14 or 28 pixels is too short for LLVM's vectoriser. These operations take LANES floats
whole, even where the line ends within them: what they write beyond its end is overwritten by the
next line, so lines are done in order, and the last, behind which nothing of one's own follows, by
plain loops. Written like those in `simd.py`.
"""

import numpy as np
from llvmlite import ir
from numba import types

from dlnotes.kernels.simd import (
    INDEX,
    LANES,
    VECTOR,
    address,
    changed,
    load_vector,
    load_vectors,
    operation,
    spread_number,
    taken,
)

CODES = ir.VectorType(ir.IntType(8), LANES or 1)
ZEROS = ir.Constant(VECTOR, None)


def save(builder, vector, pointer, align=4):
    builder.store(vector, builder.bitcast(pointer, vector.type.as_pointer()), align=align)


def codes_of(number):
    return ir.Constant(CODES, [number] * (LANES or 1))


def picked(builder, pair, lanes):
    """Lanes of two vectors, counted through both."""
    mask = ir.Constant(ir.VectorType(ir.IntType(32), len(lanes)), [*lanes])
    return builder.shuffle_vector(pair[0], pair[1], mask)


def bent_machine(typing, tile):
    def emit(context, builder, signature, values):
        def bend(r, c, old):
            return builder.select(builder.fcmp_ordered("<", old, ZEROS), ZEROS, old)

        return changed(builder, tile, values[0], bend)

    return tile(tile), emit


@operation(bent_machine)
def bent(tile):
    """ReLU of a tile; NaN is not below zero and stays visible."""
    return np.where(tile < 0, np.float32(0), tile)


def move_machine(typing, source, at, target, to):
    def emit(context, builder, signature, values):
        vector = load_vector(
            builder, address(context, builder, source, values[0], values[1], LANES)
        )
        save(builder, vector, address(context, builder, target, values[2], values[3], LANES))
        return context.get_dummy_value()

    return types.void(source, at, target, to), emit


@operation(move_machine)
def move(source, at, target, to):
    """target[to …] = source[at …], LANES floats."""
    taken(target, to, LANES)[:] = taken(source, at, LANES)


def wipe_machine(typing, target, to):
    def emit(context, builder, signature, values):
        save(builder, ZEROS, address(context, builder, target, values[0], values[1], LANES))
        return context.get_dummy_value()

    return types.void(target, to), emit


@operation(wipe_machine)
def wipe(target, to):
    """target[to …] = 0, LANES floats."""
    taken(target, to, LANES)[:] = 0


def move_passed_machine(typing, source, bends, at, target, to):
    def emit(context, builder, signature, values):
        vector = load_vector(
            builder, address(context, builder, source, values[0], values[2], LANES)
        )
        bend = load_vector(builder, address(context, builder, bends, values[1], values[2], LANES))
        passed = builder.select(builder.fcmp_ordered("<=", bend, ZEROS), ZEROS, vector)
        save(builder, passed, address(context, builder, target, values[3], values[4], LANES))
        return context.get_dummy_value()

    return types.void(source, bends, at, target, to), emit


@operation(move_passed_machine)
def move_passed(source, bends, at, target, to):
    """The same where bends[at …], ReLU's result, is above zero or NaN; zero elsewhere."""
    dead = taken(bends, at, LANES) <= 0
    taken(target, to, LANES)[:] = np.where(dead, np.float32(0), taken(source, at, LANES))


def pool_machine(typing, source, upper, lower, floor, target, code, to):
    def emit(context, builder, signature, values):
        best = place = None
        for line in (0, 1):
            begin = address(context, builder, source, values[0], values[1 + line], 2 * LANES)
            pair = load_vectors(builder, begin, 2)
            for side in (0, 1):
                vector = picked(builder, pair, range(side, 2 * LANES, 2))
                here = codes_of(2 * line + side)
                if best is None:
                    best, place = vector, here
                    continue
                better = builder.or_(
                    builder.fcmp_ordered(">", vector, best),
                    builder.fcmp_unordered("uno", vector, vector),
                )
                best = builder.select(better, vector, best)
                place = builder.select(better, here, place)
        none = builder.fcmp_ordered("<=", best, spread_number(builder, values[3]))
        place = builder.select(none, codes_of(4), place)
        save(builder, best, address(context, builder, target, values[4], values[6], LANES))
        save(builder, place, address(context, builder, code, values[5], values[6], LANES), 1)
        return context.get_dummy_value()

    return types.void(source, upper, lower, types.float32, target, code, to), emit


@operation(pool_machine)
def pool(source, upper, lower, floor, target, code, to):
    """target[to …] = the largest of 2×2 pixels of two lines, and which it was.

    2·LANES pixels of each line are read. `code` is 0 to 3, the first of equals (a NaN goes before
    all others), or 4 where none is above the float32 `floor`: with ReLU's 0, nothing passes back.
    """
    lines = [taken(source, at, 2 * LANES).reshape(LANES, 2) for at in (upper, lower)]
    four = np.concatenate(lines, axis=1)
    best, place = four[:, 0].copy(), np.zeros(LANES, np.uint8)
    for k in range(1, 4):
        better = (four[:, k] > best) | np.isnan(four[:, k])
        best[better], place[better] = four[better, k], k
    place[best <= floor] = 4
    taken(target, to, LANES)[:] = best
    taken(code, to, LANES)[:] = place


def unpool_machine(typing, source, code, at, line, target, start):
    def emit(context, builder, signature, values):
        vector = load_vector(
            builder, address(context, builder, source, values[0], values[2], LANES)
        )
        begin = address(context, builder, code, values[1], values[2], LANES)
        place = builder.load(builder.bitcast(begin, CODES.as_pointer()), align=1)
        pair = []
        for side in (0, 1):
            here = builder.icmp_unsigned("==", place, codes_of(2 * line.literal_value + side))
            pair.append(builder.select(here, vector, ZEROS))
        begin = address(context, builder, target, values[4], values[5], 2 * LANES)
        for half in (0, 1):
            columns = range(half * LANES // 2, (half + 1) * LANES // 2)
            lanes = [column + side * LANES for column in columns for side in (0, 1)]
            pointer = builder.gep(begin, [INDEX(half * LANES)])
            save(builder, picked(builder, pair, lanes), pointer)
        return context.get_dummy_value()

    return types.void(source, code, at, line, target, start), emit


@operation(unpool_machine)
def unpool(source, code, at, line, target, start):
    """Each of source[at …] to one of 2×2 pixels, of which this is the upper (0) or lower (1) line.

    `code` says to which; the other pixels become zero.
    """
    places = taken(code, at, LANES)[:, None] == (2 * line, 2 * line + 1)
    pairs = np.where(places, taken(source, at, LANES)[:, None], np.float32(0))
    taken(target, start, 2 * LANES)[:] = pairs.reshape(-1)


def turn_machine(typing, source, at, step, target, to, target_step):
    def emit(context, builder, signature, values):
        place, first, stride, target_place, target_first, target_stride = values
        vectors = []
        for r in range(LANES):
            start = builder.add(first, builder.mul(stride, INDEX(r)))
            vectors.append(
                load_vector(builder, address(context, builder, source, place, start, LANES))
            )
        # Shuffled like cards, the upper half into the lower, once for each bit of a lane's number.
        half = LANES // 2
        for _ in range(half.bit_length()):
            pairs = [(vectors[k], vectors[k + half]) for k in range(half)]
            vectors = [
                picked(builder, pair, [k + side * LANES for k in part for side in (0, 1)])
                for pair in pairs
                for part in (range(half), range(half, LANES))
            ]
        for r in range(LANES):
            start = builder.add(target_first, builder.mul(target_stride, INDEX(r)))
            save(builder, vectors[r], address(context, builder, target, target_place, start, LANES))
        return context.get_dummy_value()

    return types.void(source, at, step, target, to, target_step), emit


@operation(turn_machine)
def turn(source, at, step, target, to, target_step):
    """A square of LANES lines, `step` apart, becomes one of columns: a matrix turned round."""
    square = np.array([taken(source, at + r * step, LANES) for r in range(LANES)])
    for r in range(LANES):
        taken(target, to + r * target_step, LANES)[:] = square[:, r]
