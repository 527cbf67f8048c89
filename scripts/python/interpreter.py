"""Says which Python runs this, as one line of JSON.

It is asked before the other programs are started, so it must be understood by
every Python there is: no f-strings and no annotations here.
"""

import json
import platform
import sys


def global_lock():
    """Whether one thread at a time computes, or None where it is not known.

    The interpreters named have such a lock. From CPython 3.13 on there are
    builds without it, which can still be told to use one, so they are asked.
    """
    if hasattr(sys, "_is_gil_enabled"):
        return bool(sys._is_gil_enabled())
    if platform.python_implementation() in ("CPython", "PyPy"):
        return True
    return None


def describe():
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "gil": global_lock(),
    }


if __name__ == "__main__":
    print(json.dumps(dict(describe(), executable=sys.executable)))
