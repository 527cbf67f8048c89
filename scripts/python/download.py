"""Images are fetched from a web server and saved: in a loop, then by a pool.

While an answer is on its way there is nothing to do, so other answers may be
on their way at the same time. The server is to have image/00.png, image/01.png
and so on. For want of one, in another terminal:

    python3 scripts/python/server.py 8000
"""

import argparse
import hashlib
import os
import shutil
import tempfile
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import trial

MOST_BYTES = 1 << 20  # no image is larger
PATIENCE = 10  # seconds for an answer


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leaves a redirection to another place an error."""

    def redirect_request(self, *args):
        return None


# No proxy may come between us and our own machine.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect)


def get(url):
    """Returns what is behind a URL, all of it."""
    with opener.open(url, timeout=PATIENCE) as answer:
        data = answer.read(MOST_BYTES + 1)
        announced = answer.headers.get("Content-Length")
    if len(data) > MOST_BYTES or announced is not None and len(data) != int(announced):
        raise OSError("%s: got %d bytes of %s" % (url, len(data), announced))
    return data


def fetch(job, i):
    name = "%02d.png" % i
    with open(os.path.join(job.folder, name), "wb") as file:
        file.write(get(job.url + "image/" + name))


def sequential(job, workers):
    for i in range(job.images):
        fetch(job, i)


def pool(job, workers):
    with ThreadPoolExecutor(workers) as executor:
        for _ in executor.map(lambda i: fetch(job, i), range(job.images)):
            pass  # this is where an error of a thread comes up


def prepare(job):
    """Empties the folder, and makes the first connection, which loads modules."""
    shutil.rmtree(job.folder, ignore_errors=True)
    os.mkdir(job.folder)
    get(job.url)


def check(job, _):
    """Counts the images in the folder: all or none, if their sum is known."""
    names = sorted(os.listdir(job.folder))
    digest = hashlib.sha256()
    for name in names:
        with open(os.path.join(job.folder, name), "rb") as file:
            digest.update(hashlib.sha256(file.read()).digest())
    wrong = job.sha256 and digest.hexdigest() != job.sha256
    return (0 if wrong else len(names)), job.images


def base_url(text):
    if not text.startswith("http://"):
        raise argparse.ArgumentTypeError("%s does not begin with http://" % text)
    return text if text.endswith("/") else text + "/"


if __name__ == "__main__":
    parser = trial.options("download", __doc__, ways="sequential:1,pool:3")
    parser.add_argument("url", type=base_url, help="of the server: http://127.0.0.1:8000/")
    parser.add_argument("--images", type=trial.number(1, 100), default=30, help="how many images (30)")
    parser.add_argument("--sha256", help="of the SHA-256 sums of all images behind each other, in hexadecimal")
    with tempfile.TemporaryDirectory() as folder:
        parser.set_defaults(folder=os.path.join(folder, "images"))
        trial.run(parser, {"sequential": sequential, "pool": pool}, check, prepare=prepare)
