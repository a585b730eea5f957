"""Print what a release still lacks: `python tools/release.py [TAG]`, which exits with 1 then.

The workflow that builds wheels runs this first. CONTRIBUTING.md, "Release", has the other steps.
setup.py takes the description for the package index from here.
"""

from __future__ import annotations

import configparser
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
NEEDED_URLS = ("Source", "Documentation", "Changelog")


def urls(root: Path = ROOT) -> dict[str, str]:
    """The project's addresses in setup.cfg; none where they are not known yet."""
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(root / "setup.cfg", encoding="utf-8")
    lines = settings.get("metadata", "project_urls", fallback="").strip().splitlines()
    pairs = (line.partition("=") for line in lines)
    return {name.strip(): address.strip() for name, _, address in pairs}


def lacks(root: Path = ROOT, tag: str = "") -> list[str]:
    """What is to be done before the release, in sentences.

    Arguments:
        root: the folder of the checkout.
        tag: the tag that is released, such as "v0.2.0"; without one it is not looked at.
    """
    lines = []
    known = urls(root)
    for name in NEEDED_URLS:
        address = urlsplit(known.get(name, ""))
        if address.scheme != "https" or "." not in address.netloc:
            got = f"got {known[name]!r}" if name in known else "there is none"
            lines.append(
                f"setup.cfg: [metadata] project_urls needs `{name} = https://...`, {got}:"
                " write the address under which the project is published"
            )
    version = _version(root)
    if tag and tag != f"v{version}":
        lines.append(
            f"the tag is {tag}, and autograd_bp/version.py says {version}:"
            f" change the version, or tag v{version}"
        )
    if f"\nversion: {version}\n" not in _text(root, "CITATION.cff"):
        lines.append(f"CITATION.cff: the version is not {version}: write `version: {version}`")
    changes = _text(root, "CHANGELOG.md")
    if not re.search(rf"^## \[?{re.escape(version)}\]?(?![\w.])", changes, re.MULTILINE):
        lines.append(
            f"CHANGELOG.md has no section {version}: rename Unreleased to `## {version} - DATE`,"
            " and begin an empty Unreleased above it"
        )
    return lines


def description(root: Path = ROOT) -> str:
    """README.md for the package index, where links and pictures need whole addresses."""
    readme = _text(root, "README.md")
    source = urls(root).get("Source", "").rstrip("/")
    if not source:
        return readme

    def absolute(match: re.Match[str]) -> str:
        before, place = match.groups()
        if re.match(r"[a-z]+:|#", place):
            return match.group()
        kind = "raw" if Path(place).suffix in (".svg", ".png") else "blob"
        return f"{before}{source}/{kind}/v{_version(root)}/{place}"

    return re.sub(r'(\]\(|\b(?:src|srcset)=")([^)"\s]+)', absolute, readme)


def _version(root: Path) -> str:
    return re.findall(r'__version__ = "(.+)"', _text(root, "autograd_bp/version.py"))[0]


def _text(root: Path, name: str) -> str:
    return (root / name).read_text("utf-8")


if __name__ == "__main__":
    missing = lacks(tag=sys.argv[1] if len(sys.argv) > 1 else "")
    print("\n".join(missing) or "nothing is missing")
    sys.exit(bool(missing))
