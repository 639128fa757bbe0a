"""Attesting and proving: what is made is what the tool makes and takes."""

from __future__ import annotations

import inspect
import io
import os
import pickle
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy
import PIL.Image
import pytest

import zkimg
from conftest import PINNED, told


def test_the_tool_takes_what_is_made_here(photo: bytes, tmp_path: Path) -> None:
    camera = zkimg.SigningKey.generate()
    assert camera.save(tmp_path / "camera") == (str(tmp_path / "camera.key"), str(tmp_path / "camera.pub"))
    zkimg.attest(photo, camera, show_time=True).save(tmp_path / "p")
    answer = told("prove", tmp_path / "p.negative", "--edit", "contrast=1.15", "--out", tmp_path / "a.png")
    assert answer["ok"]
    zkimg.prove(zkimg.Negative.open(tmp_path / "p.negative"), "contrast=1.15").save(tmp_path / "b.png")
    assert zkimg.open(tmp_path / "a.png") == zkimg.open(tmp_path / "b.png")
    for name in ("a.png", "b.png"):
        answer = told("verify", tmp_path / name, "--trust", tmp_path / "camera.pub")
        assert answer["verdict"] == "trusted"
        assert zkimg.verify(tmp_path / name, trust=tmp_path / "camera.pub").captured == answer["captured"] is not None


def test_a_chain_of_two(negative: zkimg.Negative, camera: zkimg.SigningKey, tmp_path: Path) -> None:
    desk = zkimg.SigningKey.generate()
    handed_on = zkimg.prove(negative, zkimg.Recipe().redact([(2, 3, 10, 8)]), hidden=True, name="Anna", note="a face covered")
    handed_on.save(tmp_path / "desk")
    assert handed_on.negative.handed_on and handed_on.proof.hidden
    assert zkimg.verify(None, handed_on.proof, trust=camera.public)
    published = zkimg.prove(tmp_path / "desk.negative", "crop=16:9", after=tmp_path / "desk.zkimg", name="Desk", sign=desk)
    report = zkimg.verify(published, trust=camera.public, people=desk.public)
    assert report and [link.confirmed for link in report.links] == [False, True]
    assert report.placement is not None and report.placement.covered[0].by == "colour"
    with pytest.raises(zkimg.UsageError, match="handed on"):
        zkimg.prove(handed_on.negative, "crop=16:9")
    with pytest.raises(zkimg.UsageError):
        zkimg.prove(negative, "crop=16:9", after=handed_on.proof)


def test_jpegs(negative: zkimg.Negative, camera: zkimg.SigningKey, tmp_path: Path) -> None:
    published = zkimg.prove(negative, zkimg.Recipe().crop(0, 0, 32, 32).jpeg(85, "444"))
    published.save(tmp_path / "a.jpg")
    assert zkimg.verify(tmp_path / "a.jpg", trust=camera.public)
    assert published.picture.size == (32, 32) and published._repr_png_() is None
    with pytest.raises(zkimg.UsageError, match="JPEG"):
        published.save(tmp_path / "a.png")
    with pytest.raises(zkimg.UsageError):
        zkimg.Recipe().jpeg(0)
    with pytest.raises(zkimg.UsageError):
        zkimg.Recipe().jpeg(90, "411")


def test_preview_is_what_is_published(pixels: numpy.ndarray[Any, Any], published: zkimg.Published) -> None:
    recipe = zkimg.Recipe().crop(5, 3, 40, 30).contrast(1.15)
    assert recipe.preview(pixels) == published.picture
    assert zkimg.Recipe("flip=vertical").preview(pixels) == zkimg.open(numpy.ascontiguousarray(pixels[::-1]))


def test_every_edit_has_a_method_with_its_parameters() -> None:
    for kind in told("edits")["edits"]:
        parameters = inspect.signature(getattr(zkimg.Recipe, kind["name"])).parameters
        assert set(parameters) - {"self"} == {parameter["name"] for parameter in kind["parameters"]}, kind["name"]


def test_every_edit_can_be_made(pixels: numpy.ndarray[Any, Any], tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(zkimg.open(numpy.full((4, 4, 3), 200, numpy.uint8)).png())
    start = zkimg.Recipe()
    recipes = [
        start.crop(numpy.int64(1), 2, 3, 4), start.flip("horizontal"), start.rotate(90), start.resize(7, 9), start.contrast(0.5),
        start.brightness(-3), start.gamma(Decimal("0.45")), start.curve(range(255, -1, -1)), start.white_balance(numpy.float64(1.08), 1, Decimal("0.93")),
        start.grayscale(), start.rgb_to_ycbcr(), start.rgb_to_ycbcr().ycbcr_to_rgb(), start.convolve([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        start.blur(1.5), start.sharpen("0.8"), start.redact([(0, 0, 2, 2)], (1, 2, 3)), start.pixelate(0, 0, 8, 8, 4), start.overlay(tmp_path / "logo.png", 1, 1),
    ]  # fmt: skip
    picture = zkimg.open(pixels)
    assert {kind["name"] for kind in told("edits")["edits"]} == {recipe.exact(picture)["edits"][-1]["op"] for recipe in recipes}
    for recipe in recipes:
        made = recipe.preview(picture)
        assert zkimg.Recipe(*recipe.exact(picture)["edits"]).preview(picture) == made
        assert pickle.loads(pickle.dumps(recipe)) == recipe


def test_recipes_from_files_and_words(pixels: numpy.ndarray[Any, Any], tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(zkimg.open(numpy.full((4, 4, 3), 200, numpy.uint8)).png())
    (tmp_path / "r.json").write_text('{"zkimg": 1, "edits": [{"op": "overlay", "image": "logo.png", "x": 3, "y": 4}]}')
    recipe = zkimg.Recipe.open(tmp_path / "r.json").contrast(1e-5)
    assert recipe.preview(pixels) == zkimg.Recipe().overlay(tmp_path / "logo.png", 3, 4).contrast("0.00001").preview(pixels)
    with pytest.raises(zkimg.UsageError, match="edit 3: "):
        zkimg.Recipe("flip=vertical", {"op": "flip", "axis": "vertical"}).then("nothing=1")
    with pytest.raises(zkimg.UsageError, match="edit 2: "):
        zkimg.Recipe("flip=vertical", "crop=100x100+0+0").preview(pixels)
    with pytest.raises(zkimg.UsageError, match="at most 32"):
        zkimg.Recipe(*["flip=vertical"] * 33)
    with pytest.raises(zkimg.OperationalError, match="there is no file"):
        zkimg.Recipe.open(tmp_path / "none.json")
    (tmp_path / "twice.json").write_text('{"zkimg": 1, "zkimg": 1, "edits": []}')
    with pytest.raises(zkimg.UsageError):
        zkimg.Recipe.open(tmp_path / "twice.json")
    with pytest.raises(AttributeError):
        recipe.edits = []  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        zkimg.Recipe(3)  # type: ignore[arg-type]


def test_nothing_is_written_over(published: zkimg.Published, negative: zkimg.Negative, tmp_path: Path) -> None:
    published.save(tmp_path / "a.png")
    before = (tmp_path / "a.png").read_bytes()
    with pytest.raises(FileExistsError) as raised:
        published.save(tmp_path / "a.png")
    assert isinstance(raised.value, zkimg.ExistsError) and (tmp_path / "a.png").read_bytes() == before
    published.save(tmp_path / "a.png", force=True)
    # A proof beside it would be taken for the picture's.
    with pytest.raises(zkimg.ExistsError):
        (tmp_path / "b.zkimg").write_bytes(b"")
        published.save(tmp_path / "b.png")
    # What the work is made from is never replaced.
    negative.save(tmp_path / "p.negative")
    handed_on = zkimg.prove(tmp_path / "p.negative", "grayscale", hidden=True)
    with pytest.raises(zkimg.UsageError, match="made from"):
        handed_on.save(tmp_path / "p", force=True)
    assert sorted(os.listdir(tmp_path)) == ["a.png", "b.zkimg", "p.negative"]
    with pytest.raises(OSError):
        published.save(tmp_path / "nowhere" / "a.png")


def test_wrong_files_say_so() -> None:
    with pytest.raises(zkimg.UnsupportedError, match="not a negative"):
        zkimg.Negative.open(PINNED / "photo.png")
    with pytest.raises(zkimg.UnsupportedError, match="public key, which cannot sign"):
        zkimg.SigningKey.open(PINNED / "camera.pub")
    with pytest.raises(zkimg.OperationalError, match="there is no file"):
        zkimg.prove(PINNED / "none.negative", "grayscale")
    with pytest.raises(zkimg.UsageError, match="name"):
        zkimg.prove(PINNED / "photo.negative", "grayscale", name="a\u202eb")
    proof = zkimg.Proof.open(PINNED / "chain.zkimg")
    assert (proof.links, proof.hidden) == (2, False)
    assert zkimg.Proof.open(proof.tobytes()).tobytes() == (PINNED / "chain.zkimg").read_bytes()


def test_fields_of_exif_are_shown_one_by_one(camera: zkimg.SigningKey) -> None:
    exif = PIL.Image.Exif()
    exif[0x010F], exif[0x0110] = "Maker of secrets", "Model 1"
    photo = io.BytesIO()
    PIL.Image.new("RGB", (20, 10)).save(photo, "PNG", exif=exif)
    negative = zkimg.attest(photo.getvalue(), camera).negative
    published = zkimg.prove(negative, "crop=4x4+0+0", show="Model")
    report = zkimg.verify(published, trust=camera.public)
    assert report
    assert report.shown == (zkimg.ShownField("model", "Model", "Model 1", "camera"),)
    assert b"Maker of secrets" not in published.tobytes()
    assert zkimg.verify(zkimg.prove(negative, "crop=4x4+0+0"), trust=camera.public).shown == ()
    with pytest.raises(zkimg.UsageError, match="the photo has no artist"):
        zkimg.prove(negative, "crop=4x4+0+0", show=["Model", "Artist"])
    with pytest.raises(zkimg.UsageError, match="there is no field"):
        zkimg.prove(negative, "crop=4x4+0+0", show=["all"])
