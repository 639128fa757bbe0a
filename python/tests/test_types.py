"""The stub is what the module is, and the types hold together."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

needs_mypy = pytest.mark.skipif(importlib.util.find_spec("mypy") is None, reason="mypy is not installed")


@needs_mypy
def test_the_stub_is_what_the_module_is(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "zkimg", "--concise", "--ignore-disjoint-bases"], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


@needs_mypy
def test_types_hold_together(tmp_path: Path) -> None:
    (tmp_path / "use.py").write_text(
        """
import numpy
import zkimg

key = zkimg.SigningKey.generate()
capture, negative = zkimg.attest("a.jpg", key)
shown: zkimg.Published = zkimg.prove(negative, zkimg.Recipe().crop(0, 0, 1, 1), progress=print)
hidden: zkimg.HandedOn = zkimg.prove("a.negative", ["crop=16:9", {"op": "grayscale"}], hidden=True)
report = zkimg.verify(numpy.zeros((2, 2), numpy.uint8), shown.proof, trust=[key.public, "b.pub"])
share: float = report.placement.share if report.placement else 0.0
"""
    )
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "-p", "zkimg"], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert run.returncode == 0, run.stdout
    run = subprocess.run([sys.executable, "-m", "mypy", "--strict", "use.py"], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert run.returncode == 0, run.stdout
