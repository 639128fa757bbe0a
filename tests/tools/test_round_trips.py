"""Published pictures through the tools that people use: whether the proof is still inside, and whether the picture is still the proof's.

    venv/bin/pip install pytest pillow pyoxipng && venv/bin/pytest -rs tests/tools

A tool that is not installed is skipped, and said so. The table in docs/round-trips.md has the same rows, which is checked here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOL = Path(os.environ.get("ZKIMG", ROOT / "target" / "release" / "zkimg")).resolve()

INSIDE = "verifies by itself"
BESIDE = "verifies with its `.zkimg`"
OTHER = "is another picture"
REFUSED = "is refused, as some programs obey comments"

# Tool, what is done with IN to make OUT, ending of the picture, what comes of it.
TABLE = [
    ("exiftool", "exiftool -q -Comment=edited -o OUT IN", "png", INSIDE),
    ("exiftool", "exiftool -q -Artist=Anna -o OUT IN", "png", INSIDE),
    ("exiftool", "exiftool -q -all= -o OUT IN", "png", INSIDE),
    ("exiftool", "exiftool -q -Comment=edited -o OUT IN", "jpg", REFUSED),
    ("exiftool", "exiftool -q -Artist=Anna -o OUT IN", "jpg", INSIDE),
    ("exiftool", "exiftool -q -all= -o OUT IN", "jpg", BESIDE),
    ("jpegtran", "jpegtran -copy all -optimize -outfile OUT IN", "jpg", INSIDE),
    ("jpegtran", "jpegtran -copy all -progressive -outfile OUT IN", "jpg", INSIDE),
    ("jpegtran", "jpegtran -copy none -progressive -outfile OUT IN", "jpg", BESIDE),
    ("jpegtran", "jpegtran -copy all -rotate 90 -outfile OUT IN", "jpg", OTHER),
    ("oxipng", "oxipng(IN, OUT)", "png", INSIDE),
    ("oxipng", "oxipng(IN, OUT, strip safe)", "png", BESIDE),
    ("ImageMagick", "convert IN OUT", "png", BESIDE),
    ("ImageMagick", "convert IN -strip OUT", "png", BESIDE),
    ("ImageMagick", "convert IN -resize 50% OUT", "png", OTHER),
    ("ImageMagick", "convert IN OUT", "jpg", OTHER),
    ("ImageMagick", "convert IN -quality 95 OUT", "jpg", OTHER),
    ("Pillow", "pillow(IN, OUT)", "png", BESIDE),
    ("Pillow", "pillow(IN, OUT)", "jpg", OTHER),
    ("Pillow", "pillow(IN, OUT, quality keep)", "jpg", OTHER),
    ("Pillow", "pillow(IN, OUT, lossless)", "webp", BESIDE),
    ("Pillow", "pillow(IN, OUT)", "webp", OTHER),
]


def zkimg(folder: Path, *words: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
    run = subprocess.run([TOOL, *words], cwd=folder, capture_output=True, text=True, check=False)
    assert code is None or run.returncode == code, run.stdout + run.stderr
    return run


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    shutil.copy(ROOT / "samples" / "street.jpg", folder / "photo.jpg")
    zkimg(folder, "keygen")
    zkimg(folder, "attest", "photo.jpg", "--key", "camera.key")
    for ending in sorted({ending for _, _, ending, _ in TABLE}):
        picture = f"{ending}.{ending}"
        # No multiple of a JPEG's units: what fills these up is rewritten by tools.
        zkimg(folder, "prove", "photo.negative", "--edit", "crop=333x171+100+80", "--edit", "contrast=1.15", "--out", picture)
        zkimg(folder, "extract", picture, "--out", f"proof-{ending}.zkimg")
    return folder


def made(folder: Path, tool: str, command: str, before: str, after: str) -> None:
    """Does it, or skips where the tool is not installed."""
    if tool == "Pillow":
        image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
        with image.open(folder / before) as picture:
            options = {"quality": "keep"} if "keep" in command else {"lossless": True, "exact": True} if "lossless" in command else {}
            picture.save(folder / after, **options)
        return
    if tool == "oxipng":
        oxipng = pytest.importorskip("oxipng", reason="pyoxipng is not installed")
        strip = {"strip": oxipng.StripChunks.safe()} if "strip" in command else {}
        oxipng.optimize(folder / before, folder / after, force=True, **strip)
        return
    words = command.replace("IN", before).replace("OUT", after).split()
    if shutil.which(words[0]) is None:
        pytest.skip(f"{tool} is not installed")
    subprocess.run(words, cwd=folder, check=True, capture_output=True)


def outcome(folder: Path, picture: str, proof: str) -> str:
    alone = zkimg(folder, "verify", picture, "--trust", "camera.pub", code=None)
    if alone.returncode == 0:
        return INSIDE
    if "comment segment" in alone.stdout:
        return REFUSED
    return BESIDE if zkimg(folder, "verify", picture, proof, "--trust", "camera.pub", code=None).returncode == 0 else OTHER


@pytest.mark.parametrize(("tool", "command", "ending", "expected"), TABLE, ids=[f"{row[2]}: {row[1]}" for row in TABLE])
def test_what_survives(published: Path, tmp_path: Path, tool: str, command: str, ending: str, expected: str) -> None:
    folder = tmp_path / "work"
    shutil.copytree(published, folder)
    made(folder, tool, command, f"{ending}.{ending}", f"out.{ending}")
    assert outcome(folder, f"out.{ending}", f"proof-{ending}.zkimg") == expected


def test_the_documentation_has_the_same_table() -> None:
    text = (ROOT / "docs" / "round-trips.md").read_text(encoding="utf-8")
    rows = [f"| {tool} | `{command}` | {ending.upper()} | {expected} |" for tool, command, ending, expected in TABLE]
    assert [line for line in text.splitlines() if line.startswith("| ") and "`" in line and line.count("|") == 5] == rows
