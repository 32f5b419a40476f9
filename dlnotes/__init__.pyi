from . import data as data
from .formula import Formula as Formula
from .formula import FormulaError as FormulaError
