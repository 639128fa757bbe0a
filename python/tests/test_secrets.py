"""What is secret stays so."""

from __future__ import annotations

import copy
import os
import pickle
import re
from pathlib import Path

import numpy
import pytest

import zkimg


def secrets() -> tuple[zkimg.SigningKey, zkimg.Negative, zkimg.HandedOn]:
    camera = zkimg.SigningKey.generate()
    photo = zkimg.open(numpy.random.default_rng(7).integers(0, 256, (20, 30, 3), dtype=numpy.uint8)).png()
    negative = zkimg.attest(photo, camera).negative
    return camera, negative, zkimg.prove(negative, "flip=vertical", hidden=True)


def test_nothing_secret_is_printed_or_sent(tmp_path: Path) -> None:
    camera, negative, handed_on = secrets()
    camera.save(tmp_path / "c.key")
    pem = "".join((tmp_path / "c.key").read_text().splitlines()[1:-1])
    for secret in (camera, negative, handed_on, handed_on.negative):
        for text in (repr(secret), str(secret), f"{secret}"):
            assert pem[:16] not in text and len(text) < 120
            assert re.fullmatch(r"<zkimg\.(SigningKey [0-9a-f]{64}|Negative 30 × 20, secret|HandedOn 30 × 20, secret)>", text)
        with pytest.raises(TypeError):
            pickle.dumps(secret)
        with pytest.raises(TypeError):
            copy.deepcopy(secret)
        assert not hasattr(secret, "__dict__")
        with pytest.raises(TypeError):
            bytes(secret)  # type: ignore[call-overload]
    for secret in (camera, negative):
        assert not any(name in dir(secret) for name in ("tobytes", "pem", "pixels", "array", "png", "_repr_png_", "picture"))


@pytest.mark.skipif(os.name != "posix", reason="access rights of Unix")
def test_files_of_secrets_are_their_owners_alone(tmp_path: Path) -> None:
    camera, negative, handed_on = secrets()
    before = os.umask(0)
    try:
        camera.save(tmp_path / "c.key")
        negative.save(tmp_path / "n.negative")
        handed_on.save(tmp_path / "h")
    finally:
        os.umask(before)
    modes = {name: (tmp_path / name).stat().st_mode & 0o777 for name in os.listdir(tmp_path)}
    assert modes == {"c.key": 0o600, "c.pub": 0o666, "n.negative": 0o600, "h.negative": 0o600, "h.zkimg": 0o666}


def test_half_of_a_pair_is_not_left_behind(tmp_path: Path) -> None:
    camera, negative, _ = secrets()
    (tmp_path / "p.negative").mkdir()
    photo = zkimg.open(numpy.zeros((3, 3), numpy.uint8)).png()
    with pytest.raises(zkimg.ZkimgError):
        zkimg.attest(photo, camera).save(tmp_path / "p")
    assert os.listdir(tmp_path) == ["p.negative"]


def test_messages_hold_no_pixels() -> None:
    _, negative, _ = secrets()
    with pytest.raises(zkimg.ZkimgError) as raised:
        zkimg.prove(negative, "crop=500x500+0+0")
    assert re.fullmatch(r"edit 1: crop: [^\n]*", str(raised.value))
