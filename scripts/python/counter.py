"""Threads add to one number: without a lock, and with one.

To add one is to read the number, to add, and to write it back. When two
threads read the same number before either has written, one of the two
additions is lost. A total that is right shows that it did not happen this
time, not that it cannot.
"""

import threading

import trial


class Counter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()


def add(counter, n):
    for _ in range(n):
        counter.value += 1


def add_locked(counter, n):
    for _ in range(n):
        with counter.lock:
            counter.value += 1


def sequential(job, workers):
    counter = Counter()
    add(counter, job.n)
    return counter


def threads(add, job, workers):
    """Lets so many threads do job.n additions between them."""
    counter = Counter()
    started = []
    for worker in range(workers):
        share = job.n // workers + (worker < job.n % workers)
        started.append(threading.Thread(target=add, args=(counter, share)))
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return counter


def no_lock(job, workers):
    return threads(add, job, workers)


def lock(job, workers):
    return threads(add_locked, job, workers)


def check(job, counter):
    return counter.value, job.n


if __name__ == "__main__":
    parser = trial.options("counter", __doc__, ways="sequential:1,nolock:2,lock:2")
    parser.add_argument("--n", type=trial.number(1, 10000000), default=200000, help="additions of all threads together (200000)")
    trial.run(parser, {"sequential": sequential, "nolock": no_lock, "lock": lock}, check, racy=("nolock",))
