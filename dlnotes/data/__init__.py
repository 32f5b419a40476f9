"""What the lessons learn from: real tables and pictures, and made ones with a seed."""

from dlnotes.data.curves import made_curve, true_curve
from dlnotes.data.tables import stopping_distances, two_columns

__all__ = ["made_curve", "stopping_distances", "true_curve", "two_columns"]
