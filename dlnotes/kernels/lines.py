"""One vector of an image's line at a time: copied, bent by ReLU, pooled, and all of it back.

A line of 14 or 28 pixels is too short for LLVM's vectoriser. These operations take LANES floats
whole, even where the line ends within them: what they write beyond its end is overwritten by the
next line, so lines are done in order, and the last, behind which nothing of one's own follows, by
plain loops. `place` and `put` follow a plan of `plans.py` and touch nothing beyond it. Written like
those in `simd.py`.
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

LANE = ir.IntType(32)
NUMBERS = ir.VectorType(LANE, LANES or 1)
CODES = ir.VectorType(ir.IntType(8), LANES or 1)
HEAD = 3  # to, at, count
PLAN = HEAD + LANES  # numbers in a row of a plan: its head, and the order
ZEROS = ir.Constant(VECTOR, None)


def save(builder, vector, pointer, align=4):
    builder.store(vector, builder.bitcast(pointer, vector.type.as_pointer()), align=align)


def codes_of(number):
    return ir.Constant(CODES, [number] * (LANES or 1))


def picked(builder, pair, lanes):
    """Lanes of two vectors, counted through both."""
    mask = ir.Constant(ir.VectorType(ir.IntType(32), len(lanes)), [*lanes])
    return builder.shuffle_vector(pair[0], pair[1], mask)


def at_least_machine(typing, tile, floor):
    def emit(context, builder, signature, values):
        floors = spread_number(builder, values[1])

        def bend(r, c, old):
            return builder.select(builder.fcmp_ordered(">", floors, old), floors, old)

        return changed(builder, tile, values[0], bend)

    return tile(tile, types.float32), emit


@operation(at_least_machine)
def at_least(tile, floor):
    """The float32 `floor` where a tile is below it: ReLU, if that is zero. NaN stays visible."""
    return np.where(floor > tile, floor, tile)


def call(builder, name, kind, arguments):
    """Call one of LLVM's own functions, of this kind."""
    known = builder.module.globals.get(name)
    return builder.call(known or ir.Function(builder.module, kind, name), arguments)


def lanes_below(builder, count):
    """The first `count` lanes, for what must not read or write beyond them."""
    number = spread_number(builder, builder.trunc(count, LANE))
    return builder.icmp_signed("<", ir.Constant(NUMBERS, [*range(LANES)]), number)


def masked(builder, what, *arguments, result):
    """Call LLVM's masked load or store of a vector of floats that need not be aligned."""
    kind = ir.FunctionType(result, [argument.type for argument in arguments])
    name = f"llvm.masked.{what}.v{LANES}f32.p0"
    return call(builder, name, kind, arguments)


def load_some(builder, pointer, here):
    """The floats of the lanes `here`; the others are zero, and their memory is not looked at."""
    pointer = builder.bitcast(pointer, VECTOR.as_pointer())
    return masked(builder, "load", pointer, LANE(4), here, ZEROS, result=VECTOR)


def save_some(builder, vector, pointer, here):
    pointer = builder.bitcast(pointer, VECTOR.as_pointer())
    masked(builder, "store", vector, pointer, LANE(4), here, result=ir.VoidType())


def reordered(builder, vector, order):
    """Lane k is lane order[k] of the vector."""
    name = {16: "llvm.x86.avx512.permvar.sf.512", 8: "llvm.x86.avx2.permps"}[LANES]
    kind = ir.FunctionType(VECTOR, [VECTOR, NUMBERS])
    return call(builder, name, kind, [vector, order])


def row_of(context, builder, plan, table, j):
    """Row j of a plan: to, at, count, and where its orders lie."""
    row = address(context, builder, plan, table, builder.mul(j, INDEX(PLAN)), PLAN)
    head = [builder.sext(builder.load(builder.gep(row, [INDEX(k)])), INDEX) for k in range(HEAD)]
    return *head, builder.gep(row, [INDEX(HEAD)])


def numbers_at(builder, pointer):
    return builder.load(builder.bitcast(pointer, NUMBERS.as_pointer()), align=4)


def place_machine(typing, source, first, plan, j, target, origin):
    def emit(context, builder, signature, values):
        place, begin, table, row, target_place, target_begin = values
        to, at, count, orders = row_of(context, builder, plan, table, row)
        pointer = address(context, builder, source, place, builder.add(begin, at), count)
        vector = load_some(builder, pointer, lanes_below(builder, count))
        vector = reordered(builder, vector, numbers_at(builder, orders))
        start = builder.add(target_begin, to)
        save(builder, vector, address(context, builder, target, target_place, start, LANES))
        return context.get_dummy_value()

    return types.void(source, first, plan, j, target, origin), emit


@operation(place_machine)
def place(source, first, plan, j, target, origin):
    """target[origin + to …] = LANES floats: source[first + at …], `count` of them, in their order.

    Row j of `plan` says to, at, count and the order; floats beyond `count` are zero.
    """
    to, at, order, numbers = some(source, first, plan, j)
    taken(target, origin + to, LANES)[:] = numbers[order]


def place_passed_machine(typing, source, bends, first, plan, j, target, origin):
    def emit(context, builder, signature, values):
        place, bend_place, begin, table, row, target_place, target_begin = values
        to, at, count, orders = row_of(context, builder, plan, table, row)
        start, here = builder.add(begin, at), lanes_below(builder, count)
        vector, bend = (
            load_some(builder, address(context, builder, kind, array, start, count), here)
            for kind, array in ((source, place), (bends, bend_place))
        )
        vector = builder.select(builder.fcmp_ordered("<=", bend, ZEROS), ZEROS, vector)
        vector = reordered(builder, vector, numbers_at(builder, orders))
        start = builder.add(target_begin, to)
        save(builder, vector, address(context, builder, target, target_place, start, LANES))
        return context.get_dummy_value()

    return types.void(source, bends, first, plan, j, target, origin), emit


@operation(place_passed_machine)
def place_passed(source, bends, first, plan, j, target, origin):
    """The same where bends[first + at …], ReLU's result, is above zero or NaN; zero elsewhere."""
    to, at, order, numbers = some(source, first, plan, j)
    numbers[some(bends, first, plan, j)[3] <= 0] = 0
    taken(target, origin + to, LANES)[:] = numbers[order]


def some(source, first, plan, j):
    """Row j of a plan: to, at, the order, and the numbers it tells of, with zeros behind them."""
    to, at, count = plan[j, :HEAD]
    numbers = np.zeros(LANES + 1, source.dtype)
    numbers[:count] = taken(source, first + at, count)
    return to, at, plan[j, HEAD : HEAD + LANES], numbers


def put_machine(typing, tile, plan, j, target, start, step, rows, most):
    def emit(context, builder, signature, values):
        vectors, table, row, place, begin, stride, there, limit = values
        columns = []
        for c in range(tile.cols):
            at, count, orders = row_of(context, builder, plan, table, builder.add(row, INDEX(c)))[
                1:
            ]
            left = builder.sub(limit, at)
            count = builder.select(builder.icmp_signed("<", left, count), left, count)
            here, order = lanes_below(builder, count), numbers_at(builder, orders)
            columns.append((at, count, here, order))
        for r in range(tile.rows):
            with builder.if_then(builder.icmp_signed("<", INDEX(r), there)):
                line = builder.add(begin, builder.mul(stride, INDEX(r)))
                for c, (at, count, here, order) in enumerate(columns):
                    vector = builder.extract_value(vectors, r * tile.cols + c)
                    to = address(context, builder, target, place, builder.add(line, at), count)
                    save_some(builder, reordered(builder, vector, order), to, here)
        return context.get_dummy_value()

    return types.void(tile, plan, j, target, start, step, rows, most), emit


@operation(put_machine)
def put(tile, plan, j, target, start, step, rows, most):
    """Each row's floats that are wanted, close together, to target[start + r·step + at …].

    Row j + c of `plan` says for column c at, count and the order. Only `rows` rows are wanted, and
    no more than `most` floats of each, from target[start + r·step] on.
    """
    for r in range(rows):
        for c in range(tile.shape[1] // LANES):
            at, count = plan[j + c, 1:HEAD]
            count = min(count, most - at)
            order = plan[j + c, HEAD : HEAD + count]
            vector = tile[r, c * LANES : (c + 1) * LANES]
            taken(target, start + r * step + at, count)[:] = vector[order]


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


def wipe_machine(typing, target, to):
    def emit(context, builder, signature, values):
        save(builder, ZEROS, address(context, builder, target, values[0], values[1], LANES))
        return context.get_dummy_value()

    return types.void(target, to), emit


@operation(wipe_machine)
def wipe(target, to):
    """target[to …] = 0, LANES floats."""
    taken(target, to, LANES)[:] = 0


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
