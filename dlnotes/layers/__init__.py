"""What learns: layers with an explicit forward and backward, one concept a file."""

from dlnotes.layers.activation import LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from dlnotes.layers.blur import BlurPool2d
from dlnotes.layers.conv import Conv2d
from dlnotes.layers.dense import Dense
from dlnotes.layers.dropout import Dropout
from dlnotes.layers.layer import Layer, Parameter
from dlnotes.layers.norm import BatchNorm
from dlnotes.layers.pooling import AvgPool2d, GlobalAvgPool2d, MaxPool2d
from dlnotes.layers.rebuild import rebuild
from dlnotes.layers.sequential import Sequential
from dlnotes.layers.shape import Flatten

__all__ = [
    "AvgPool2d",
    "BatchNorm",
    "BlurPool2d",
    "Conv2d",
    "Dense",
    "Dropout",
    "Flatten",
    "GlobalAvgPool2d",
    "Layer",
    "LeakyReLU",
    "MaxPool2d",
    "Parameter",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "rebuild",
]
