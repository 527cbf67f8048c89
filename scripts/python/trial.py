"""What the programs of this folder have in common.

Each of them has one job and some ways of doing it. This module lets every way
do the job once, takes the time of that and of nothing else, has the result
checked, and prints what came of it: lines for people, or with --json one
object for each trial.
"""

import argparse
import faulthandler
import json
import sys
import time

from interpreter import describe

# No program runs longer than this, whatever hangs: then it says where each
# thread was, and ends.
MOST_SECONDS = 60


def number(least, most):
    """Returns a type of option: a whole number within bounds."""

    def parse(text):
        n = int(text)
        if not least <= n <= most:
            raise argparse.ArgumentTypeError("%s is not from %d to %d" % (text, least, most))
        return n

    parse.__name__ = "number"  # stands in the message about what is no number
    return parse


def way_list(text):
    """Parses "sequential:1,lock:2" into pairs of a way and its workers."""
    pairs = []
    for part in text.split(","):
        name, _, workers = part.partition(":")
        pairs.append((name, number(1, 64)(workers or "1")))
    if len(pairs) > 64:
        raise argparse.ArgumentTypeError("there are %d ways, the limit is 64" % len(pairs))
    return pairs


def options(program, doc, ways):
    """Returns the options that every program has. ways is done by default."""
    parser = argparse.ArgumentParser(prog=program + ".py", description=doc.splitlines()[0])
    parser.set_defaults(program=program)
    parser.add_argument("--ways", type=way_list, default=ways, help="the ways to do it, and with how many workers, in this order: " + ways)
    parser.add_argument("--json", action="store_true", help="print one JSON object for each trial")
    return parser


def run(parser, ways, check, racy=(), prepare=None):
    """Does the job in each way that was asked for, and exits.

    ways     the functions by name; each takes the options and the number of
             workers, and returns a result
    check    takes the options and a result, and returns how much of it is
             right, of how much
    racy     names of ways that may be wrong: that is what they show
    prepare  is called with the options before each trial, on nobody's time
    """
    job = parser.parse_args()
    for name, _ in job.ways:
        if name not in ways:
            parser.error("there is no way %r: choose from %s" % (name, ", ".join(ways)))
    faulthandler.dump_traceback_later(MOST_SECONDS, exit=True)
    python, first, right = describe(), None, True
    if not job.json:
        print("%s: %s %s, %s" % (job.program, python["implementation"], python["python"], LOCK[python["gil"]]))
    for name, workers in job.ways:
        if prepare:
            prepare(job)
        began = time.perf_counter()
        result = ways[name](job, workers)
        seconds = time.perf_counter() - began
        total, expected = check(job, result)
        trial = dict(python, program=job.program, way=name, workers=workers, seconds=seconds, total=total, expected=expected, ok=total == expected)
        first = first or seconds
        right = right and (trial["ok"] or name in racy)
        if job.json:
            print(json.dumps(trial), flush=True)
        else:
            tell(trial, seconds and first / seconds, name in racy)
    sys.exit(0 if right else 1)


LOCK = {
    True: "in which one thread at a time computes",
    False: "in which threads compute at the same time",
    None: "which does not say whether threads compute at the same time",
}


def tell(trial, speedup, racy):
    """Prints a trial for people, with its speedup over the first."""
    text = "  %-12s workers %-3d %8.1f ms   %d of %d" % (trial["way"], trial["workers"], 1000 * trial["seconds"], trial["total"], trial["expected"])
    if not trial["ok"]:
        text += ": WRONG"
    elif racy:
        text += ": no loss seen this time, which does not make it safe"
    elif speedup != 1:
        text += "   %.2f times as fast as the first" % speedup
    print(text)
