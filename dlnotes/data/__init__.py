"""What the lessons learn from: real tables and pictures, and made ones with a seed.

`import dlnotes` loads this room when it is first used. Here the names are then bound at once:
several functions are called like their files, and a lazily loaded file would take its function's
place. pooch and Pillow are still loaded only by the functions that need them, and scikit-learn and
matplotlib not at all: their files are read where they lie.
"""

from dlnotes.data.augment import augment as augment
from dlnotes.data.augment import shift as shift
from dlnotes.data.batches import batches as batches
from dlnotes.data.curves import made_curve as made_curve
from dlnotes.data.curves import true_curve as true_curve
from dlnotes.data.digits import digits as digits
from dlnotes.data.digits import like_mnist as like_mnist
from dlnotes.data.idx import read_idx as read_idx
from dlnotes.data.mnist import fashion_mnist as fashion_mnist
from dlnotes.data.mnist import mnist as mnist
from dlnotes.data.photos import photo as photo
from dlnotes.data.shapes import shape as shape
from dlnotes.data.shapes import shapes as shapes
from dlnotes.data.strokes import strokes as strokes
from dlnotes.data.tables import stopping_distances as stopping_distances
from dlnotes.data.tables import two_columns as two_columns
