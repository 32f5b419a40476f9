"""Functions that the tests sweep: a spawned process has to be able to import some of them."""

import os
import time


def product(a, b=1):
    return a * b


def threads(k):
    import numba
    from sklearn.datasets import load_digits
    from threadpoolctl import threadpool_info

    import dlnotes as dl

    load_digits()  # NumPy and scikit-learn are loaded
    dl.data.digits(28)
    pools = [pool["num_threads"] for pool in threadpool_info()]
    return [os.getpid(), numba.get_num_threads(), *pools]


def fails_at_two(a):
    if a == 2:
        raise OverflowError("too much")
    return a


def sleeps(seconds):
    time.sleep(seconds)
    return os.getpid()
