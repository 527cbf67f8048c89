"""A server for trying download.py by hand: it answers after 20 ms.

A run of interleave has a server of its own, the same for Go and for Python.
"""

import http.server
import os
import sys
import time

LATENCY = 0.020
SIZE = 62000
IMAGES = 100


class Handler(http.server.BaseHTTPRequestHandler):
    images = [os.urandom(SIZE) for _ in range(IMAGES)]  # nobody looks at them

    def do_GET(self):
        known = {"/image/%02d.png" % i: image for i, image in enumerate(self.images)}
        known["/"] = b"images\n"
        body = known.get(self.path)
        if body is None:
            self.send_error(404)
            return
        if self.path != "/":
            time.sleep(LATENCY)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        print("serving http://127.0.0.1:%d/ until Ctrl-C" % port)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
