"""Tasks that count and wait: one after the other, then each in a thread.

A task notes a number or a letter, sleeps, and does so a few times. While it
sleeps it needs no processor, so others can sleep at the same time.
"""

import threading
import time

import trial


def text(task, step):
    """What a task notes: even tasks count numbers, odd tasks letters."""
    return str(step) if task % 2 == 0 else chr(ord("a") + step)


def work(job, task, lines):
    for step in range(job.steps):
        lines.append((task, text(task, step)))  # a list may be appended to by many threads
        time.sleep(job.pause / 1000)


def sequential(job, tasks):
    lines = []
    for task in range(tasks):
        work(job, task, lines)
    return tasks, lines


def threads(job, tasks):
    lines = []
    started = [threading.Thread(target=work, args=(job, task, lines)) for task in range(tasks)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return tasks, lines


def check(job, result):
    """Counts the lines that a task noted in their order."""
    tasks, lines = result
    right, noted = 0, [0] * tasks
    for task, line in lines:
        right += line == text(task, noted[task])
        noted[task] += 1
    expected = tasks * job.steps
    return (right if len(lines) == expected else len(lines) - expected), expected


if __name__ == "__main__":
    parser = trial.options("sleep", __doc__, ways="sequential:2,threads:2")
    parser.add_argument("--steps", type=trial.number(1, 26), default=5, help="lines of each task (5)")
    parser.add_argument("--pause", type=trial.number(0, 1000), default=10, help="milliseconds after each line (10)")
    trial.run(parser, {"sequential": sequential, "threads": threads}, check)
