"""dlnotes: understand deep learning by moving it with your hands.

`import dlnotes as dl` is the face of the package. The names are listed in `__init__.pyi`, and each
is loaded when it is first used, so that importing stays fast and a script that only needs a number
loads neither matplotlib nor the widgets.
"""

import lazy_loader

from dlnotes import threads

threads.respect_container_limit()

__version__ = "0.1.0"
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
