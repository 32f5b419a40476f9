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


MACHINE: dict[str, Any] = {}  # what stands in compiled code for each operation, by its name


def operation(machine):
    """Decorator of an operation in Python: `machine` takes its place in compiled code.

    `machine(typing context, *argument types)` gives the signature and what emits the instructions.
    """

    def decorate(meaning):
        MACHINE[meaning.__name__] = intrinsic(prefer_literal=True)(machine)
        return meaning if config.DISABLE_JIT else MACHINE[meaning.__name__]

    return decorate


def address(context, builder, kind, array, start, count):
    """Where array[start] lies; with NUMBA_BOUNDSCHECK, IndexError unless `count` floats fit."""
    array = context.make_array(kind)(context, builder, array)
    if config.BOUNDSCHECK:
        past = builder.add(start, start.type(count))
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


def spread(builder, number):
    """One float in every lane."""
    one = builder.insert_element(ir.Constant(VECTOR, ir.Undefined), number, ir.IntType(32)(0))
    first = ir.Constant(ir.VectorType(ir.IntType(32), VECTOR.count), None)
    return builder.shuffle_vector(one, one, first)


def multiply_add(builder, a, b, c):
    """a·b + c, which LLVM contracts to one instruction with one rounding."""
    contract = ("contract",)
    return builder.fadd(builder.fmul(a, b, flags=contract), c, flags=contract)


def load_machine(typing, rows, cols, source, start):
    tile = Tile(rows.literal_value, cols.literal_value)

    def emit(context, builder, signature, values):
        count = tile.rows * tile.cols
        first = address(context, builder, source, values[2], values[3], count * LANES)
        vectors = ir.Constant(context.get_value_type(tile), ir.Undefined)
        for k in range(count):
            pointer = builder.gep(first, [values[3].type(k * LANES)])
            vectors = builder.insert_value(vectors, load_vector(builder, pointer), k)
        return vectors

    return tile(rows, cols, source, start), emit


@operation(load_machine)
def load(rows, cols, source, start):
    """A tile of the floats from source[start] on, row by row."""
    return source.reshape(-1)[start : start + rows * cols * LANES].reshape(rows, -1).copy()


def store_machine(typing, tile, target, start):
    def emit(context, builder, signature, values):
        count = tile.rows * tile.cols
        first = address(context, builder, target, values[1], values[2], count * LANES)
        for k in range(count):
            pointer = builder.gep(first, [values[2].type(k * LANES)])
            pointer = builder.bitcast(pointer, VECTOR.as_pointer())
            builder.store(builder.extract_value(values[0], k), pointer, align=4)
        return context.get_dummy_value()

    return types.void(tile, target, start), emit


@operation(store_machine)
def store(tile, target, start):
    """The floats of a tile, row by row, from target[start] on."""
    target.reshape(-1)[start : start + tile.size] = tile.reshape(-1)


def scale_machine(typing, tile, factor, shift):
    def emit(context, builder, signature, values):
        vectors, factors, shifts = values[0], spread(builder, values[1]), spread(builder, values[2])
        for k in range(tile.rows * tile.cols):
            grown = multiply_add(builder, builder.extract_value(vectors, k), factors, shifts)
            vectors = builder.insert_value(vectors, grown, k)
        return vectors

    return tile(tile, factor, shift), emit


@operation(scale_machine)
def scale(tile, factor, shift):
    """tile · factor + shift: one multiply-add for each float, and nothing from memory."""
    return tile * factor + shift
