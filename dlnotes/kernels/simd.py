"""Vectors and register tiles: how a kernel says what must stay in the processor's registers.

A processor with AVX2 adds and multiplies 8 floats at once, one with AVX-512 16; `LANES` says which.
A *tile* is a small table of such vectors, rows × columns. LLVM keeps each of them in a register of
its own for as long as it is added to: only operands are read from memory, and few of them feed many
multiply-adds. Numba's own indexing would first look at each index for a sign; here `source[start]`
is a plain address, counted through all axes of the array.

Each operation stands here twice: in Python, which says what it means and runs where the compiler is
off, and below it as the instructions that Numba puts in its place. Where a processor has no such
vectors (`LANES` is 0), kernels take their plain loops instead.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.codegen import get_host_cpu_features
from numba.extending import intrinsic, models, register_model

from dlnotes.kernels.compiled import config


def lanes(features: str) -> int:
    """Floats in one vector of a processor with these features, as LLVM lists them; 0: none."""
    have = set(features.split(","))
    if "+avx512f" in have:
        return 16
    return 8 if {"+avx2", "+fma"} <= have else 0


LANES = lanes(get_host_cpu_features() if config.CPU_FEATURES is None else config.CPU_FEATURES)
ROWS = 8 if LANES == 16 else 4  # 24 sums for AVX-512's 32 registers, 12 for AVX2's 16
COLS = 3
WIDTH = COLS * LANES  # floats in one row of a tile
SUMS = -(-ROWS * COLS // (LANES or 1)) * LANES  # a float for each of its vectors, in whole vectors
INDEX = ir.IntType(64)
VECTOR = ir.VectorType(ir.FloatType(), LANES or 1)


class Tile(types.Type):
    """Numba's name for a table of vectors."""

    def __init__(self, rows, cols):
        super().__init__(f"Tile({rows}, {cols}, {LANES})")
        self.rows, self.cols = rows, cols


@register_model(Tile)
class TileModel(models.PrimitiveModel):
    """What a tile is to LLVM: its vectors, row by row."""

    def __init__(self, manager, tile):
        super().__init__(manager, tile, ir.ArrayType(VECTOR, tile.rows * tile.cols))


MEANING: dict[str, Any] = {}  # each operation in Python, by its name
MACHINE: dict[str, Any] = {}  # what stands for it in compiled code


def operation(machine):
    """Decorator of an operation in Python: `machine` takes its place in compiled code.

    `machine(typing context, *argument types)` gives the signature and what emits the instructions.
    """

    def decorate(meaning):
        MEANING[meaning.__name__] = np.errstate(all="ignore")(meaning)  # as machine code is
        MACHINE[meaning.__name__] = intrinsic(prefer_literal=True)(machine)
        return (MEANING if config.DISABLE_JIT else MACHINE)[meaning.__name__]

    return decorate


def address(context, builder, kind, array, start, count):
    """Where array[start] lies; with NUMBA_BOUNDSCHECK, IndexError unless `count` of it fit."""
    array = context.make_array(kind)(context, builder, array)
    if config.BOUNDSCHECK:
        past = builder.add(start, count if isinstance(count, ir.Value) else INDEX(count))
        outside = builder.or_(
            builder.icmp_signed("<", start, start.type(0)),
            builder.icmp_signed(">", past, array.nitems),
        )
        with builder.if_then(outside):
            context.call_conv.return_user_exc(builder, IndexError, ("a tile leaves its array",))
    return builder.gep(array.data, [start])


def load_vector(builder, pointer):
    """LANES floats from here on; they need not be aligned."""
    return builder.load(builder.bitcast(pointer, VECTOR.as_pointer()), align=4)


def load_vectors(builder, pointer, count):
    return [load_vector(builder, builder.gep(pointer, [INDEX(c * LANES)])) for c in range(count)]


def spread(builder, pointer):
    """The float that lies here, in every lane."""
    return spread_number(builder, builder.load(pointer))


def spread_number(builder, number):
    undefined = ir.Constant(ir.VectorType(number.type, LANES), ir.Undefined)
    one = builder.insert_element(undefined, number, ir.IntType(32)(0))
    first = ir.Constant(ir.VectorType(ir.IntType(32), LANES), None)
    return builder.shuffle_vector(one, one, first)


def multiply_add(builder, a, b, c):
    """a·b + c, which LLVM contracts to one instruction with one rounding."""
    contract = ("contract",)
    return builder.fadd(builder.fmul(a, b, flags=contract), c, flags=contract)


def totals(builder, vectors):
    """Lane k is the sum of all lanes of vector k, of at most LANES.

    Neighbouring lanes are added, of two vectors at a time, until each has one lane left.
    """
    vectors = [*vectors, *[ir.Constant(VECTOR, None)] * (LANES - len(vectors))]
    even, odd = (
        ir.Constant(ir.VectorType(ir.IntType(32), LANES), [*range(side, 2 * LANES, 2)])
        for side in (0, 1)
    )
    while len(vectors) > 1:
        vectors = [
            builder.fadd(*(builder.shuffle_vector(a, b, lanes) for lanes in (even, odd)))
            for a, b in zip(vectors[::2], vectors[1::2], strict=True)
        ]
    return vectors[0]


def changed(builder, tile, vectors, vector_of):
    """The tile with `vector_of(row, col, present vector)` everywhere."""
    for r in range(tile.rows):
        for c in range(tile.cols):
            k = r * tile.cols + c
            new = vector_of(r, c, builder.extract_value(vectors, k))
            vectors = builder.insert_value(vectors, new, k)
    return vectors


def filled_machine(typing, rows, cols, source, start):
    tile = Tile(rows.literal_value, cols.literal_value)

    def emit(context, builder, signature, values):
        first = address(context, builder, source, values[2], values[3], tile.rows)
        numbers = [spread(builder, builder.gep(first, [INDEX(r)])) for r in range(tile.rows)]
        empty = ir.Constant(context.get_value_type(tile), ir.Undefined)
        return changed(builder, tile, empty, lambda r, c, old: numbers[r])

    return tile(rows, cols, source, start), emit


@operation(filled_machine)
def filled(rows, cols, source, start):
    """A tile whose row r is source[start + r] everywhere."""
    return np.repeat(taken(source, start, rows), cols * LANES).reshape(rows, -1)


def add_scaled_machine(typing, tile, factors, at, step, source, start):
    def emit(context, builder, signature, values):
        vectors, factor, first, stride, place, begin = values
        place = address(context, builder, source, place, begin, tile.cols * LANES)
        columns = load_vectors(builder, place, tile.cols)
        rows = []
        for r in range(tile.rows):
            number = builder.add(first, builder.mul(stride, INDEX(r)))
            rows.append(spread(builder, address(context, builder, factors, factor, number, 1)))
        return changed(
            *(builder, tile, vectors),
            lambda r, c, old: multiply_add(builder, rows[r], columns[c], old),
        )

    return tile(tile, factors, at, step, source, start), emit


@operation(add_scaled_machine)
def add_scaled(tile, factors, at, step, source, start):
    """tile + factors[at + r·step] · source[start …] in row r: few loads, many sums."""
    rows, width = tile.shape
    scales = taken(factors, at, (rows - 1) * step + 1)[::step]
    return tile + scales[:, None] * taken(source, start, width)


def add_products_machine(typing, tile, a, at, step, b, starts, first, shift):
    def emit(context, builder, signature, values):
        vectors, a_place, a_at, a_step, b_place, place, begin, b_shift = values
        place = address(context, builder, starts, place, begin, tile.cols)
        columns, rows = [], []
        for c in range(tile.cols):
            start = builder.add(builder.load(builder.gep(place, [INDEX(c)])), b_shift)
            pointer = address(context, builder, b, b_place, start, LANES)
            columns.append(load_vector(builder, pointer))
        for r in range(tile.rows):
            start = builder.add(a_at, builder.mul(a_step, INDEX(r)))
            pointer = address(context, builder, a, a_place, start, LANES)
            rows.append(load_vector(builder, pointer))
        return changed(
            *(builder, tile, vectors),
            lambda r, c, old: multiply_add(builder, rows[r], columns[c], old),
        )

    return tile(tile, a, at, step, b, starts, first, shift), emit


@operation(add_products_machine)
def add_products(tile, a, at, step, b, starts, first, shift):
    """tile + a[at + r·step …] · b[starts[first + c] + shift …], lane by lane, in row r, col c.

    With `add_sums` at the end: many inner products at once.
    """
    rows, cols = len(tile), tile.shape[1] // LANES
    left = np.array([taken(a, at + r * step, LANES) for r in range(rows)])
    right = np.array([taken(b, start + shift, LANES) for start in starts[first : first + cols]])
    return tile + (left[:, None] * right).reshape(rows, -1)


def store_machine(typing, tile, target, start, step):
    def emit(context, builder, signature, values):
        vectors, place, begin, stride = values
        for r in range(tile.rows):
            at = builder.add(begin, builder.mul(stride, INDEX(r)))
            first = address(context, builder, target, place, at, tile.cols * LANES)
            for c in range(tile.cols):
                pointer = builder.gep(first, [INDEX(c * LANES)])
                pointer = builder.bitcast(pointer, VECTOR.as_pointer())
                builder.store(builder.extract_value(vectors, r * tile.cols + c), pointer, align=4)
        return context.get_dummy_value()

    return types.void(tile, target, start, step), emit


@operation(store_machine)
def store(tile, target, start, step):
    """target[start + r·step …] = row r."""
    for r, row in enumerate(tile):
        taken(target, start + r * step, row.size)[:] = row


def add_sums_machine(typing, tile, target, start):
    def emit(context, builder, signature, values):
        vectors, place, begin = values
        count = tile.rows * tile.cols
        every = [builder.extract_value(vectors, k) for k in range(count)]
        first = address(context, builder, target, place, begin, -(-count // LANES) * LANES)
        for k in range(0, count, LANES):
            pointer = builder.gep(first, [INDEX(k)])
            new = builder.fadd(load_vector(builder, pointer), totals(builder, every[k : k + LANES]))
            builder.store(new, builder.bitcast(pointer, VECTOR.as_pointer()), align=4)
        return context.get_dummy_value()

    return types.void(tile, target, start), emit


@operation(add_sums_machine)
def add_sums(tile, target, start):
    """target[start + k] += the sum of all lanes of the tile's vector k, row by row.

    Whole vectors of `target` are touched: `SUMS` floats for a tile of ROWS × COLS.
    """
    sums = tile.reshape(-1, LANES).sum(axis=1)
    taken(target, start, -(-sums.size // LANES) * LANES)[: sums.size] += sums


def scale_machine(typing, tile, numbers):
    def emit(context, builder, signature, values):
        first = address(context, builder, numbers, values[1], INDEX(0), 2)
        factor, shift = (spread(builder, builder.gep(first, [INDEX(k)])) for k in (0, 1))
        return changed(
            *(builder, tile, values[0]),
            lambda r, c, old: multiply_add(builder, old, factor, shift),
        )

    return tile(tile, numbers), emit


@operation(scale_machine)
def scale(tile, numbers):
    """tile · numbers[0] + numbers[1]: a multiply-add for each float, and nothing from memory."""
    return tile * numbers[0] + numbers[1]


def taken(array, start, count):
    """`count` floats of an array from array[start] on, counted through all its axes; IndexError
    where they are not all there."""
    if start < 0 or start + count > array.size:
        raise IndexError("a tile leaves its array")
    return array.reshape(-1)[start : start + count]
