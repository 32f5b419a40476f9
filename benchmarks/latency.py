"""How fast a picture follows the hand, in JupyterLab and Chromium: the figures that README states.

Run it alone on the machine: `python benchmarks/latency.py`. Each explorer is measured in turns
with the smallest explorer there can be, whose figures are what JupyterLab and the browser take.
"""

import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    test = Path(__file__).parents[1] / "tests" / "browser" / "test_speed.py"
    sys.exit(pytest.main(["-n0", "-q", str(test)]))
