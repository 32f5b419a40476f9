"""What learns: layers with an explicit forward and backward, one concept a file."""

from dlnotes.layers.dense import Dense
from dlnotes.layers.layer import Layer, Parameter
from dlnotes.layers.sequential import Sequential

__all__ = ["Dense", "Layer", "Parameter", "Sequential"]
