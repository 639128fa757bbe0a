"""What tests have in common: the pinned files, a photo, a camera, the tool."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy
import pytest

import zkimg

ROOT = Path(__file__).parents[2]
PINNED = ROOT / "tests" / "pinned"
TOOL = Path(os.environ.get("ZKIMG", ROOT / "target" / "release" / "zkimg"))


@pytest.fixture(scope="session")
def camera() -> zkimg.SigningKey:
    return zkimg.SigningKey.generate()


@pytest.fixture(scope="session")
def pixels() -> numpy.ndarray[Any, Any]:
    """A small picture, no two rows or columns of which are alike."""
    y, x, c = numpy.mgrid[0:40, 0:60, 0:3]
    return ((x * 3 + y * 5 + c * 70 + x * y) % 256).astype(numpy.uint8)


@pytest.fixture(scope="session")
def photo(pixels: numpy.ndarray[Any, Any]) -> bytes:
    return zkimg.open(pixels).png()


@pytest.fixture(scope="session")
def negative(photo: bytes, camera: zkimg.SigningKey) -> zkimg.Negative:
    return zkimg.attest(photo, camera).negative


@pytest.fixture(scope="session")
def published(negative: zkimg.Negative) -> zkimg.Published:
    return zkimg.prove(negative, zkimg.Recipe().crop(5, 3, 40, 30).contrast("1.15"), name="Anna")


def told(*words: str | Path) -> dict[str, Any]:
    """What the tool says, in JSON."""
    # Whom the user trusts who runs the tests is theirs to know.
    environment = {name: value for name, value in os.environ.items() if name != "ZKIMG_TRUST"} | {"XDG_CONFIG_HOME": str(PINNED)}
    run = subprocess.run([TOOL, *words, "--json"], capture_output=True, text=True, check=False, env=environment)
    answer = json.loads(run.stdout)
    assert isinstance(answer, dict)
    return answer
