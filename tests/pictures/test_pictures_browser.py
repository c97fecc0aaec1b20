"""Pictures in a real browser, under a content policy without eval: the AST interpreter must know every expression."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from drawn_pictures import FLUID, PICTURES, picture

import vicus

VENDOR = Path(vicus.__file__).parent / "web" / "site" / "static" / "vendor"
POLICY = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'"
SCRIPTS = ("vega-[0-9]*/vega.min.js", "vega-lite-*/vega-lite.min.js", "vega-embed-*/vega-embed.min.js")

pytestmark = pytest.mark.browser

DRAW = """
window.failed = [];
window.drawn = Promise.all(Object.entries(SPECS).map(([kind, spec]) =>
  vegaEmbed("#" + kind, spec, {ast: true, renderer: "svg", actions: false})
    .catch(error => window.failed.push(kind + ": " + error))));
"""


@pytest.fixture(scope="module")
def address():
    """A server on this machine with one page, the vendored scripts and a strict policy."""
    specs = {
        kind: picture(kind, "nl", **({"width": "container"} if kind in FLUID else {})) for kind in PICTURES
    }
    scripts = [next(VENDOR.glob(pattern)).read_bytes() for pattern in SCRIPTS]
    scripts.append(f"const SPECS = {json.dumps(specs)};{DRAW}".encode())
    places = "".join(f'<div id="{kind}" style="width:100%"></div>' for kind in specs)
    tags = "".join(f'<script src="/{i}.js"></script>' for i in range(len(scripts)))
    answers = {f"/{i}.js": ("text/javascript", body) for i, body in enumerate(scripts)}
    answers["/"] = ("text/html; charset=utf-8", f"<!doctype html><body>{places}{tags}".encode())

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            kind, body = answers.get(self.path, ("text/plain", b""))
            self.send_response(200 if self.path in answers else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            """Keep the output of the tests clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("wide", [360, 900])
def test_pictures_are_drawn_without_eval_and_fit_the_page(address, browser, wide):
    page = browser.new_page(viewport={"width": wide, "height": 800})
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    page.evaluate("window.drawn")
    assert page.evaluate("window.failed") == []
    assert [text for text in said if "favicon" not in text and "404" not in text] == []
    for kind in PICTURES:
        assert page.locator(f"#{kind} svg").count() == 1, kind
        if kind in FLUID:
            box = page.locator(f"#{kind} svg").bounding_box()
            assert box["width"] <= wide, kind
            assert box["width"] >= wide - 40, kind
    months = page.locator("#series svg text").all_text_contents()
    assert ("apr" in months) == (wide > 600)
    page.close()
