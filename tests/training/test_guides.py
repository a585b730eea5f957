"""The server of the guide answers requests, and refuses what the model knows nothing about."""

import json
import re
import threading
import urllib.error
import urllib.request
from http.server import HTTPServer
from pathlib import Path

import pytest

from autograd_bp.training import fit

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "from-csv-to-production.md"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """The address of a server that runs the guide's code."""
    monkeypatch.chdir(tmp_path)
    table = {"size": [30.0, 50.0, 70.0, 90.0] * 5, "balcony": ["yes", "no"] * 10}
    fit([], table, [500.0, 700.0, 900.0, 1100.0] * 5, epochs=50, task="numbers").save("rent.json")
    text = GUIDE.read_text("utf-8")
    [code] = re.findall(r"^```python\n(import json\n.*?)^```$", text, re.MULTILINE | re.DOTALL)
    names = {"__name__": "server"}
    exec(compile(code, str(GUIDE), "exec"), names)
    names["Answers"].log_message = lambda *_: None
    server = HTTPServer(("127.0.0.1", 0), names["Answers"])
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def answer(place, content):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(place, data=content), timeout=20) as response:
        return json.loads(response.read())


def test_a_request_is_answered_with_a_number(place):
    rent = answer(place, json.dumps({"size": 60.0, "balcony": "yes"}).encode())["rent"]
    assert rent == pytest.approx(800.0, abs=40.0)


@pytest.mark.parametrize("content", [b'{"size": null, "balcony": "yes"}', b"{", b"[]", b"3", b"{}"])
def test_what_is_no_row_is_refused(place, content):
    with pytest.raises(urllib.error.HTTPError) as caught:
        answer(place, content)
    with caught.value:
        assert caught.value.code == 400
        assert json.loads(caught.value.read())["error"]
