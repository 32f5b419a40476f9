"""Powers with very many digits: exact, counted, and read a piece at a time.

Python refuses to write a whole number of more than 4,300 digits, because the way that it does so
takes long; `decimal` multiplies by fast Fourier transforms, in tens, and writes at once.
"""

import decimal
from functools import lru_cache

from dlnotes.pictures.svg import power_of_ten

LEADING = 60  # digits that are known without the others


def roughly(base: int, exponent: int) -> decimal.Decimal:
    """base**exponent to `LEADING` digits: takes microseconds whatever its size."""
    context = decimal.Context(prec=LEADING, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)
    return context.power(base, exponent)


def digit_count(base: int, exponent: int) -> int:
    """How many decimal digits the whole number base**exponent has; base and exponent from 1 up."""
    return roughly(base, exponent).adjusted() + 1


@lru_cache(maxsize=4)
def digits_of(base: int, exponent: int) -> str:
    """All the decimal digits of base**exponent."""
    context = decimal.Context(
        prec=digit_count(base, exponent) + 1, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN,
        traps=[decimal.Inexact],
    )  # fmt: skip
    return f"{context.power(base, exponent):f}"


def ends(base: int, exponent: int, *, shown: int = 18) -> tuple[str, str]:
    """The first and the last `shown` digits of base**exponent, which has more digits than those."""
    first = roughly(base, exponent).as_tuple().digits[:shown]
    first_digits = "".join(map(str, first)).ljust(shown, "0")
    return first_digits, str(pow(base, exponent, 10**shown)).zfill(shown)


def shortened(base: int, exponent: int) -> str:
    """base**exponent in full with commas where that is short, else as 1.58 × 10⁷²²⁴⁷."""
    if digit_count(base, exponent) <= 15:
        return f"{base**exponent:,}"
    return scientific(roughly(base, exponent))


def scientific(value: decimal.Decimal | int) -> str:
    """A number as 1.58 × 10⁷²²⁴⁷."""
    mantissa, power = f"{decimal.Decimal(value):.2e}".split("e")
    return f"{mantissa} × {power_of_ten(int(power))}"
