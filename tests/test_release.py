"""What a release needs is complete, or said; the shell steps of the workflows do what they say."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from test_tools import tool

ROOT = Path(__file__).parent.parent


@pytest.fixture
def checkout(tmp_path):
    """The files that a release looks at, complete for 0.2.0."""
    (tmp_path / "autograd_bp").mkdir()
    files = {
        "setup.cfg": "[metadata]\nproject_urls =\n    Source = https://example.org/a/\n"
        "    Documentation = https://example.org/a%20b/docs\n    Changelog = https://example.org/a/c\n",
        "autograd_bp/version.py": '__version__ = "0.2.0"\n',
        "CITATION.cff": "title: x\nversion: 0.2.0\n",
        "CHANGELOG.md": "## Unreleased\n\n## 0.2.0 - 2030-01-01\n",
        "README.md": "[a](docs/a.md#b) ![p](docs/p.svg) [c](https://c.org) [d](#d)\n"
        '<source srcset="docs/q.svg">',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_a_complete_release_lacks_nothing(checkout):
    assert tool("release").lacks(checkout, "v0.2.0") == []


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("setup.cfg", "project_urls", "urls", "project_urls needs `Source = https://...`"),
        ("setup.cfg", "https://example.org/a/c", "http://x", "got 'http://x'"),
        ("autograd_bp/version.py", "0.2.0", "0.3.0", "the tag is v0.2.0"),
        ("CITATION.cff", "0.2.0", "0.1.0", "write `version: 0.2.0`"),
        ("CHANGELOG.md", "## 0.2.0", "## 0.2.0.1", "no section 0.2.0"),
    ],
)
def test_what_a_release_lacks_is_said(checkout, file, before, after, said):
    path = checkout / file
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")
    assert any(said in line for line in tool("release").lacks(checkout, "v0.2.0"))


def test_links_and_pictures_have_whole_addresses_on_the_package_index(checkout):
    assert tool("release").description(checkout) == (
        "[a](https://example.org/a/blob/v0.2.0/docs/a.md#b)"
        " ![p](https://example.org/a/raw/v0.2.0/docs/p.svg) [c](https://c.org) [d](#d)\n"
        '<source srcset="https://example.org/a/raw/v0.2.0/docs/q.svg">'
    )


def test_every_relative_link_of_the_readme_leads_to_a_file(checkout):
    shutil.copy(ROOT / "README.md", checkout)
    text = tool("release").description(checkout)
    places = re.findall(r"https://example\.org/a/(?:blob|raw)/v0\.2\.0/([^)\"#]+)", text)
    assert len(places) > 30
    assert [place for place in places if not (ROOT / place).exists()] == []


# ---------------------------------------------------------------------------------- the workflows
def step(workflow, name):
    """The shell lines of a step."""
    text = (ROOT / ".github" / "workflows" / workflow).read_text("utf-8")
    lines = re.search(rf"- name: {name}\n\s+run: \|\n((?: {{10}}.*\n)+)", text)
    return textwrap.dedent(lines[1])


def git(*words, cwd):
    return subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", *words],
        cwd=cwd, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


@pytest.mark.skipif(not (ROOT / ".github").exists(), reason="the workflows are not installed")
@pytest.mark.skipif(sys.platform == "win32", reason="the workflow runs on Linux")
def test_the_workflow_puts_a_site_beside_those_of_other_versions(tmp_path):
    git("init", "-q", "--bare", "-b", "main", "remote", cwd=tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    for name in ("main", "v0.1.0"):
        clone = tmp_path / name
        git("clone", "-q", "remote", name, cwd=tmp_path)
        (clone / "tools").mkdir()
        shutil.copy(ROOT / "tools" / "versions.py", clone / "tools")
        git("add", ".", cwd=clone)
        git("commit", "-q", "--allow-empty", "-m", "x", cwd=clone)
        (clone / "build" / "site").mkdir(parents=True)
        (clone / "build" / "site" / "index.html").write_text("<title>x</title>", "utf-8")
        environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "GITHUB_REF_NAME": name}
        subprocess.run(
            ["bash", "-e", "-c", step("docs.yml", "Put it beside the other versions")],
            cwd=clone, env=environment, check=True, capture_output=True,
        )  # fmt: skip
    listed = git("ls-tree", "-r", "--name-only", "gh-pages", cwd=tmp_path / "remote").split()
    assert {"main/index.html", "0.1.0/index.html", "index.html", ".nojekyll"} <= set(listed)
    versions = git("show", "gh-pages:versions.js", cwd=tmp_path / "remote")
    assert '["0.1.0", "main"]' in versions
