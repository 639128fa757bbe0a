"""Verification: the same words as the tool's, from files, bytes and pixels."""

from __future__ import annotations

import dataclasses
import pickle
import re
from pathlib import Path
from typing import Any

import numpy
import PIL.Image
import pytest

import zkimg
from conftest import PINNED, told

CAMERA, DESK = PINNED / "camera.pub", PINNED / "desk.pub"


def same(report: zkimg.Report, tool: dict[str, Any]) -> None:
    """All that the tool says, but what is about its command line."""
    for own in ("schema", "command", "exit_code", "ok", "trusted_by", "trust_store"):
        del tool[own]
    for check in tool["checks"]:
        check["detail"] = re.sub(r" \(--(trust|notaries)[^)]*\)", "", check["detail"])
    assert report.to_dict() == tool
    assert report.verdict == tool["verdict"]
    assert [dataclasses.asdict(check) for check in report.checks] == tool["checks"]
    assert [dataclasses.asdict(link) | {"edits": list(link.edits), "words": list(link.words)} for link in report.links] == tool["links"]
    assert dataclasses.asdict(report.original) == tool["original"]


@pytest.mark.parametrize("name", ["edited.png", "chain.png", "handed-on.zkimg", "chain.zkimg"])
@pytest.mark.parametrize("trust", [[], [CAMERA], [DESK]])
@pytest.mark.parametrize("people", [[], [DESK]])
def test_pinned_files_are_what_the_tool_says(name: str, trust: list[Path], people: list[Path]) -> None:
    path = PINNED / name
    words = [word for key in trust for word in ("--trust", key)] + [word for key in people for word in ("--people", key)]
    same(zkimg.verify(path, trust=trust, people=people), told("verify", path, *words))


NOTARY = PINNED / "notary.pub"


@pytest.mark.parametrize("words", [[], ["--notaries", NOTARY], ["--trust", NOTARY], ["--people", NOTARY], ["--notaries", CAMERA]])
def test_a_notarys_picture_is_what_the_tool_says(words: list[Any]) -> None:
    picture, proof = PINNED / "edited.png", PINNED / "notary.zkimg"
    lists = {words[0][2:]: words[1]} if words else {}
    report = zkimg.verify(picture, proof, **lists)
    same(report, told("verify", picture, proof, *words))
    assert bool(report) == (words[1:] == [NOTARY] and words[0] == "--notaries")
    assert report.source.kind == "notary" and report.device is None
    assert report.source.credentials is not None and report.source.credentials.accepted == ("signingCredential.expired",)
    # The pinned name of the signer has the word, and the sentence on what is not proved.
    assert str(report).lower().count("camera") == 0


def test_a_notary_attests(photo: bytes) -> None:
    key = zkimg.SigningKey.generate()
    capture, negative = zkimg.attest(photo, key, notary=True)
    assert capture.notary and not zkimg.attest(photo, key).capture.notary
    published = zkimg.prove(negative, zkimg.Recipe().crop(0, 0, 32, 32))
    assert zkimg.verify(published, notaries=key.public)
    assert zkimg.verify(published, trust=key.public).verdict == "unchecked"
    with pytest.raises(zkimg.UsageError):
        zkimg.verify(published, trust=key.public, notaries=key.public)


def test_a_picture_and_another_proof() -> None:
    picture, proof = PINNED / "edited.png", PINNED / "chain.zkimg"
    report = zkimg.verify(picture, proof, trust=CAMERA)
    same(report, told("verify", picture, proof, "--trust", CAMERA))
    assert report.verdict == "invalid" and not report
    assert report.failed is not None and report.failed.name == "picture"


def test_only_trusted_is_true() -> None:
    assert zkimg.verify(PINNED / "edited.png", trust=CAMERA)
    untrusted = zkimg.verify(PINNED / "edited.png")
    assert untrusted.verdict == "untrusted" and not untrusted
    unchecked = zkimg.verify(PINNED / "edited.png", trust=DESK)
    assert unchecked.verdict == "unchecked" and not unchecked


def test_every_way_to_give_a_picture_and_a_proof(published: zkimg.Published, camera: zkimg.SigningKey, tmp_path: Path) -> None:
    published.save(tmp_path / "a.png", sidecar=True)
    file, proof = (tmp_path / "a.png").read_bytes(), (tmp_path / "a.zkimg").read_bytes()
    pillow = PIL.Image.open(tmp_path / "a.png")
    pictures = [tmp_path / "a.png", str(tmp_path / "a.png"), file, bytearray(file), memoryview(file), published.picture, published.picture.array, pillow]
    for picture in pictures:
        for given in (tmp_path / "a.zkimg", proof, published.proof):
            report = zkimg.verify(picture, given, trust=camera.public)
            assert report, report
    assert zkimg.verify(published, trust=camera.public)
    assert zkimg.verify(published.tobytes(), trust=camera.public)
    assert zkimg.verify(None, tmp_path / "a.zkimg", trust=camera.public)
    assert zkimg.verify(None, proof, trust=camera.public).verdict == "invalid"


def test_one_bit_is_too_many(published: zkimg.Published, camera: zkimg.SigningKey) -> None:
    pixels = published.picture.array
    pixels[7, 11, 1] ^= 1
    report = zkimg.verify(pixels, published.proof, trust=camera.public)
    assert report.verdict == "invalid" and report.failed is not None and report.failed.name == "picture"
    proof = bytearray(published.proof.tobytes())
    proof[-40] ^= 1
    assert zkimg.verify(published.picture, bytes(proof), trust=camera.public).verdict == "invalid"


def test_many_are_what_each_is_alone(published: zkimg.Published, camera: zkimg.SigningKey) -> None:
    changed = published.picture.array
    changed[0, 0, 0] ^= 255
    subjects: list[Any] = [
        published,
        PINNED / "edited.png",
        (changed, published.proof),
        b"no picture",
        PINNED / "nowhere.png",
        (published.picture, published.proof),
    ] * 6
    trust = [camera.public, CAMERA]
    many = zkimg.verify_many(subjects, trust=trust, errors="return")
    assert len(many) == len(subjects)
    for subject, found in zip(subjects, many, strict=True):
        try:
            alone = zkimg.verify(*subject, trust=trust) if isinstance(subject, tuple) else zkimg.verify(subject, trust=trust)
        except zkimg.ZkimgError as error:
            assert type(found) is type(error) and str(found) == str(error)
        else:
            assert found == alone
    with pytest.raises(zkimg.UnsupportedError):
        zkimg.verify_many(subjects, trust=trust)
    assert zkimg.verify_many([]) == []


def test_reports_do_not_change_and_can_be_sent() -> None:
    report = zkimg.verify(PINNED / "chain.png", trust=CAMERA, people=DESK)
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.verdict = "invalid"  # type: ignore[misc]
    again = pickle.loads(pickle.dumps(report))
    assert again == report and again.html() == report.html()


def test_the_page_is_the_tools(tmp_path: Path) -> None:
    report = zkimg.verify(PINNED / "chain.png", trust=CAMERA, people=DESK)
    report.save(tmp_path / "ours.html")
    told("verify", PINNED / "chain.png", "--trust", CAMERA, "--people", DESK, "--report", tmp_path / "theirs.html")

    def timeless(path: Path) -> list[str]:
        return [line for line in path.read_text().splitlines() if " UTC" not in line]

    assert timeless(tmp_path / "ours.html") == timeless(tmp_path / "theirs.html")
    piece = report._repr_html_()
    assert "<svg" in piece and "VERIFIED" in piece and "<script" not in piece and "<html" not in piece


def test_names_are_text() -> None:
    camera = zkimg.SigningKey.generate()
    photo = zkimg.open(numpy.zeros((3, 4), numpy.uint8)).png()
    made = zkimg.prove(zkimg.attest(photo, camera).negative, "flip=vertical", name="<script>alert(1)</script>", note="&amp; \"quoted\"")
    page = zkimg.verify(made, trust=camera.public)._repr_html_()
    assert "<script" not in page and "&lt;script&gt;" in page and "&amp;amp; \\&quot;quoted" in page


def test_keys_are_what_they_are_called(tmp_path: Path) -> None:
    with pytest.raises(zkimg.UnsupportedError, match="private key"):
        (tmp_path / "x.key").write_text("-----BEGIN PRIVATE KEY-----\n")
        zkimg.verify(PINNED / "edited.png", trust=tmp_path / "x.key")
    key = zkimg.PublicKey.open(DESK, name="the desk")
    link = zkimg.verify(PINNED / "chain.png", trust=CAMERA, people=key).links[1]
    assert link.confirmed and link.signer is not None and link.signer.known_as == "the desk"
    assert zkimg.PublicKey.from_pem(key.pem(), "x") == key and hash(zkimg.PublicKey.open(DESK)) == hash(key)
    assert key != zkimg.PublicKey.open(CAMERA)


def test_what_is_no_picture_says_so() -> None:
    for wrong, error in [
        (b"", zkimg.UnsupportedError),
        (PINNED / "photo.capture", zkimg.UnsupportedError),
        (PINNED / "photo.negative", zkimg.UnsupportedError),
        (PINNED / "photo.png", zkimg.UnsupportedError),
        (PINNED / "nowhere.png", OSError),
        (PINNED, OSError),
    ]:
        with pytest.raises(error) as raised:
            zkimg.verify(wrong)
        assert isinstance(raised.value, zkimg.ZkimgError) and "\n" not in str(raised.value)
    with pytest.raises(zkimg.UsageError):
        zkimg.verify(None)
    with pytest.raises(zkimg.UsageError):
        zkimg.verify(numpy.zeros((2, 2), numpy.uint8))
