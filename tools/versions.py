"""Sites of several releases side by side, with a switch between them.

    python tools/versions.py BUILT PUBLIC [VERSION]

copies the site in BUILT to PUBLIC/VERSION, lists all versions in PUBLIC/versions.js, and lets
PUBLIC/index.html lead to the newest release. A site stays as it was built: sphinx-multiversion
would build old ones again with new settings, and has had no release since 2020. Published
pages read ../versions.js, and everything works from a disk without a server.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import autograd_bp as bp

# What each page loads: nothing, until its site is published beside others.
ALONE = "/* A site by itself: tools/versions.py writes a switch between versions here. */\n"
# The root of a site is known to its pages from Sphinx.
SWITCH = """\
(function () {
  "use strict";
  var root = document.documentElement.dataset.content_root || "./";
  var script = document.createElement("script");
  script.src = root + "../versions.js";
  script.onload = function () {
    var here = new URL(root, location.href).pathname.split("/").filter(Boolean).pop();
    var label = document.createElement("label");
    var select = document.createElement("select");
    label.textContent = "Version ";
    label.style.cssText = "display:block;margin:0.5rem 0 0 var(--sidebar-item-spacing-horizontal)";
    (window.autogradVersions || []).forEach(function (version) {
      var option = new Option(version, version, false, decodeURIComponent(here) === version);
      select.add(option);
    });
    select.onchange = function () {
      location.href = new URL(root + "../" + select.value + "/index.html", location.href).href;
    };
    label.append(select);
    var place = document.querySelector(".sidebar-brand") || document.body.firstElementChild;
    place.after(label);
  };
  document.head.append(script);
})();
"""
INDEX = """<!doctype html>
<meta charset="utf-8">
<title>autograd_bp</title>
<meta http-equiv="refresh" content="0; url={0}/index.html">
<a href="{0}/index.html">autograd_bp {0}</a>
"""
NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]*")


def order(version: str) -> tuple[int, list[int], int, str]:
    """What versions are sorted by: releases by their numbers, then names such as "main"."""
    numbers = re.match(r"\d+(?:\.\d+)*", version)
    if not numbers:
        return (0, [], 0, version)
    rest = version[numbers.end() :]
    return (1, [int(part) for part in numbers[0].split(".")], int(not rest), rest)


def publish(built: Path, public: Path, version: str) -> list[str]:
    """Add a site to the public folder, in the place of an earlier one of that version.

    Returns: all versions, the newest release first.
    """
    if not NAME.fullmatch(version):
        raise SystemExit(f"a version is a name such as 1.2.0 or main, got {version!r:.60}")
    if not (built / "index.html").exists():
        raise SystemExit(f"{built} has no index.html: run python tools/site.py first")
    public.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(public / version, ignore_errors=True)
    shutil.copytree(built, public / version, ignore=shutil.ignore_patterns(".doctrees"))
    (public / version / "_static").mkdir(exist_ok=True)
    (public / version / "_static" / "versions.js").write_text(SWITCH, "utf-8")
    names = [path.parent.name for path in public.glob("*/index.html")]
    versions = sorted(names, key=order, reverse=True)
    text = json.dumps(versions)
    (public / "versions.js").write_text(f"window.autogradVersions = {text};\n", "utf-8")
    (public / "index.html").write_text(INDEX.format(versions[0]), "utf-8")
    (public / ".nojekyll").write_text("", "utf-8")  # folders that begin with _ are wanted
    return versions


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    name = sys.argv[3] if len(sys.argv) == 4 else bp.__version__
    print(" ".join(publish(Path(sys.argv[1]), Path(sys.argv[2]), name)))
