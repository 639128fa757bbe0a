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
class Credentials:
    """What a notary found in a photo's Content Credentials (C2PA). ``signer`` is known only where an anchor stands behind the name."""

    library: str
    state: Literal["invalid", "valid", "trusted"]
    accepted: tuple[str, ...]
    anchors: str
    checked: int
    signer: str | None
    algorithm: str
    source_type: str | None
    action: str | None
    more_actions: bool
    ingredients: bool
    only_manifest_excluded: bool
    is_capture: bool


@dataclass(frozen=True, slots=True)
class Source:
    """Who signed the photo: a device, or a notary who had it. ``not_proved`` is what nobody should take for proved because of that."""

    kind: Literal["device", "notary"]
    key: str
    decoder: str | None
    credentials: Credentials | None
    not_proved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field of the photo's EXIF data that is shown: signed by the ``"camera"``; found in the file by the ``"notary"``; or there, too, and
    ``"covered"`` or ``"not_covered"`` by the signature of the file's Content Credentials. What is not covered, anybody may have written."""

    field: str
    title: str
    value: str
    standing: Literal["camera", "notary", "covered", "not_covered"]


@dataclass(frozen=True, slots=True)
class Report:
    """What was found out about one picture. It is true if everything holds *and* the reader trusts the camera, or the notary, who signed.

    In a notebook it shows as a page; :meth:`save` writes the page, :meth:`to_dict` gives the tool's JSON.
    """

    verdict: Literal["trusted", "untrusted", "unchecked", "invalid"]
    checks: tuple[Check, ...]
    device: str | None
    source: Source
    capture: str
    captured: int | None
    shown: tuple[ShownField, ...]
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
        source=_source(told["source"]),
        capture=told["capture"],
        captured=told["captured"],
        shown=tuple(ShownField(**field) for field in told["shown"]),
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


def _source(told: dict[str, Any]) -> Source:
    found = told["credentials"]
    credentials = found and Credentials(**{**found, "accepted": tuple(found["accepted"])})
    return Source(**{**told, "credentials": credentials, "not_proved": tuple(told["not_proved"])})


def _placement(told: dict[str, Any]) -> Placement:
    covered = tuple(Cover(Area(**cover["area"]), cover["with"]) for cover in told["covered"])
    return Placement(**{**told, "part": Area(**told["part"]), "covered": covered})


def _link(told: dict[str, Any]) -> Link:
    signer = told["signer"]
    fields = {"signer": signer and Signer(**signer), "edits": tuple(told["edits"]), "words": tuple(told["words"])}
    return Link(**{**told, **fields, "output": Size(**told["output"])})
