"""What verification found. The fields are those of the tool's JSON (``zkimg verify --json``)."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import Any, Literal, cast


@dataclass(frozen=True, slots=True)
class Size:
    """A picture's size; 1 channel is grey, 3 are colour."""

    width: int
    height: int
    channels: int


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found."""

    name: str
    detail: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Signer:
    """A maker's key, and what the reader calls its holder; ``None`` if the reader did not give this key."""

    key: str
    known_as: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """What one person did. Unless ``confirmed``, the name is only claimed."""

    number: int
    name: str | None
    note: str | None
    signer: Signer | None
    confirmed: bool
    edits: tuple[dict[str, Any], ...]
    words: tuple[str, ...]
    output: Size
    hidden: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """A colour profile: ``kind`` is ``"none"``, ``"srgb"`` or ``"icc"``."""

    kind: str
    sha256: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of the original, in its pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Cover:
    """What was covered: ``by`` is ``"colour"``, ``"blocks"`` or ``"picture"``."""

    area: Area
    by: str


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the picture lay in the original; ``share`` is how much of its area."""

    part: Area
    share: float
    up: str
    mirrored: bool
    covered: tuple[Cover, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What was found out about one picture. It is true if everything holds *and* the camera is one that the reader trusts.

    In a notebook it shows as a page; :meth:`save` writes the page, :meth:`to_dict` gives the tool's JSON.
    """

    verdict: Literal["trusted", "untrusted", "unchecked", "invalid"]
    checks: tuple[Check, ...]
    device: str
    capture: str
    captured: int | None
    original: Size
    published: Size | None
    hidden: bool
    profile: Profile
    placement: Placement | None
    links: tuple[Link, ...]
    form: Literal["list", "compact"] | None
    security_bits: int
    picture: str | None
    proof: str
    _json: str = field(repr=False, compare=False)
    _piece: str = field(repr=False, compare=False)
    _page: str = field(repr=False, compare=False)

    def __bool__(self) -> bool:
        return self.verdict == "trusted"

    @property
    def failed(self) -> Check | None:
        """The check that failed, if one did."""
        return next((check for check in self.checks if not check.passed), None)

    def to_dict(self) -> dict[str, Any]:
        """All of it as the tool has it in JSON."""
        return cast(dict[str, Any], json.loads(self._json))

    def html(self) -> str:
        """A whole page that needs no other file, to read, print and keep."""
        return self._page

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Writes that page."""
        from . import _native

        _native.save_page(os.fspath(path), self._page, force)

    def _repr_html_(self) -> str:
        return self._piece

    def __str__(self) -> str:
        lines = [f"{'✓' if check.passed else '✗'} {check.name:9} {check.detail}" for check in self.checks]
        return "\n".join([self.verdict, *lines])


def report(answer: tuple[str, str, str]) -> Report:
    """The report of an answer: JSON, a piece of a page, a page."""
    text, piece, page = answer
    told = json.loads(text)
    published, placement = told["published"], told["placement"]
    return Report(
        verdict=told["verdict"],
        checks=tuple(Check(**check) for check in told["checks"]),
        device=told["device"],
        capture=told["capture"],
        captured=told["captured"],
        original=Size(**told["original"]),
        published=published and Size(**published),
        hidden=told["hidden"],
        profile=Profile(**told["profile"]),
        placement=placement and _placement(placement),
        links=tuple(_link(link) for link in told["links"]),
        form=told["form"],
        security_bits=told["security_bits"],
        picture=told["picture"],
        proof=told["proof"],
        _json=text,
        _piece=piece,
        _page=page,
    )


def _placement(told: dict[str, Any]) -> Placement:
    covered = tuple(Cover(Area(**cover["area"]), cover["with"]) for cover in told["covered"])
    return Placement(**{**told, "part": Area(**told["part"]), "covered": covered})


def _link(told: dict[str, Any]) -> Link:
    signer = told["signer"]
    fields = {"signer": signer and Signer(**signer), "edits": tuple(told["edits"]), "words": tuple(told["words"])}
    return Link(**{**told, **fields, "output": Size(**told["output"])})
