"""A function that computes is mapped over a list: in a loop, then by a pool.

The pool hands out the items to its threads and gives the results back in the
order of the items, whichever thread was done first. All is written in Python:
where one thread at a time may run Python, the pool cannot be faster than the
loop, on however many cores.
"""

from concurrent.futures import ThreadPoolExecutor

import trial

WORD = (1 << 64) - 1  # Python's numbers grow, these are to have 64 bits


def spin(x, rounds):
    """Computes for a number of rounds; each needs the result of the one before."""
    x = (x + 0x9E3779B97F4A7C15) & WORD
    for _ in range(rounds):
        x ^= x >> 32
        x = x * 0xD6E8FEB86659FD93 & WORD
    return x


def sequential(job, workers):
    return [spin(x, job.rounds) for x in range(job.items)]


def pool(job, workers):
    with ThreadPoolExecutor(workers) as executor:
        return list(executor.map(lambda x: spin(x, job.rounds), range(job.items)))


def prepare(job):
    """Computes the right answer, once."""
    if "answer" not in job:
        job.answer = sequential(job, 1)


def check(job, results):
    """Counts the results that are right and in their place."""
    right = sum(got == want for got, want in zip(results, job.answer))
    return (right if len(results) == job.items else len(results) - job.items), job.items


if __name__ == "__main__":
    parser = trial.options("poolmap", __doc__, ways="sequential:1,pool:2")
    parser.add_argument("--items", type=trial.number(1, 100000), default=500, help="how many items (500)")
    parser.add_argument("--rounds", type=trial.number(0, 100000), default=630, help="computing for each item, in rounds (630)")
    trial.run(parser, {"sequential": sequential, "pool": pool}, check, prepare=prepare)
