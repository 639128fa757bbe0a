"""Publish an edited photo together with a proof that it came, by the stated edits and nothing else, from a picture that a camera
signed, while the original stays secret.

A camera signs a photo; the photographer keeps the negative:

>>> import numpy, zkimg
>>> photo = zkimg.open(numpy.arange(60, dtype=numpy.uint8).reshape(4, 5, 3)).png()
>>> camera = zkimg.SigningKey.generate()
>>> capture, negative = zkimg.attest(photo, camera)
>>> negative
<zkimg.Negative 5 × 4, secret>

The photographer publishes an edited picture with its proof inside:

>>> published = zkimg.prove(negative, zkimg.Recipe().crop(1, 0, 3, 3).contrast(1.5))
>>> published
<zkimg.Published 3 × 3, PNG>

Anyone checks it, without the photo:

>>> report = zkimg.verify(published, trust=camera.public)
>>> report.verdict, bool(report)
('trusted', True)
>>> report.links[0].words
('cropped to 3 × 3 at 1, 0', 'contrast +50 %')
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Union, overload

from . import _native
from ._native import Capture, HandedOn, Negative, Picture, Proof, Published, PublicKey, SigningKey, __version__
from ._pictures import is_file as _is_file
from ._pictures import picture as _picture
from ._recipe import Recipe
from ._recipe import recipe as _recipe
from ._report import Area, Check, Cover, Credentials, Link, Placement, Profile, Report, ShownField, Signer, Size, Source
from ._report import report as _report
from .errors import ExistsError, InvalidError, OperationalError, UnsupportedError, UsageError, ZkimgError

if TYPE_CHECKING:
    from ._pictures import _PictureLike
    from ._recipe import _Edit

    _Path = Union[str, os.PathLike[str]]
    _Keys = Union[_Path, PublicKey, Iterable[Union[_Path, PublicKey]]]
    _Proof = Union[Proof, bytes, _Path]
    _Subject = Union[Published, _PictureLike, None]

__all__ = [
    "Area",
    "Attested",
    "Capture",
    "Check",
    "Cover",
    "Credentials",
    "ExistsError",
    "HandedOn",
    "InvalidError",
    "Link",
    "Negative",
    "OperationalError",
    "Picture",
    "Placement",
    "Profile",
    "Proof",
    "PublicKey",
    "Published",
    "Recipe",
    "Report",
    "ShownField",
    "Signer",
    "SigningKey",
    "Size",
    "Source",
    "UnsupportedError",
    "UsageError",
    "ZkimgError",
    "__version__",
    "attest",
    "open",
    "prove",
    "verify",
    "verify_many",
]


def open(source: _PictureLike) -> Picture:
    """A picture: of a PNG, JPEG, TIFF or WebP file (a path or its bytes), of an array of uint8, of an image of Pillow.

    Files are decoded by zkimg's own decoders, whose pixels are what cameras sign: upright, 8 bits, exact.
    """
    return _picture(source)


class Attested(NamedTuple):
    """What a camera or a notary makes of a photo: the capture is public, the negative is secret."""

    capture: Capture
    negative: Negative

    def save(self, stem: _Path, *, force: bool = False) -> tuple[str, str]:
        """Writes ``STEM.capture`` and ``STEM.negative``, both or none, and gives their names."""
        return self.capture.save_with(self.negative, os.fspath(stem), force=force)


def attest(
    photo: _Path | bytes, key: SigningKey | _Path, *, notary: bool = False, show_time: bool = False, hide_device: bool = False
) -> Attested:
    """Signs a photo's file as a camera does. It takes a file and no array, as its EXIF data and colours are signed, too.

    ``notary`` signs as somebody who was given the photo, and no camera: readers are told so. ``show_time`` shows the time of signing to
    everyone; ``hide_device`` leaves the key's fingerprint out of what is signed.
    """
    return Attested(*_native.attest(photo, key, notary=notary, show_time=show_time, hide_device=hide_device))


@overload
def prove(
    negative: Negative | _Path,
    recipe: Recipe | _Edit | Iterable[_Edit],
    *,
    hidden: Literal[False] = False,
    compact: bool = False,
    show: str | Iterable[str] = (),
    after: Proof | _Path | None = None,
    name: str | None = None,
    note: str | None = None,
    sign: SigningKey | _Path | None = None,
    memory: int | None = None,
    progress: Callable[[str], object] | None = None,
) -> Published: ...


@overload
def prove(
    negative: Negative | _Path,
    recipe: Recipe | _Edit | Iterable[_Edit],
    *,
    hidden: Literal[True],
    compact: bool = False,
    show: str | Iterable[str] = (),
    after: Proof | _Path | None = None,
    name: str | None = None,
    note: str | None = None,
    sign: SigningKey | _Path | None = None,
    memory: int | None = None,
    progress: Callable[[str], object] | None = None,
) -> HandedOn: ...


def prove(
    negative: Negative | _Path,
    recipe: Recipe | _Edit | Iterable[_Edit],
    *,
    hidden: bool = False,
    compact: bool = False,
    show: str | Iterable[str] = (),
    after: Proof | _Path | None = None,
    name: str | None = None,
    note: str | None = None,
    sign: SigningKey | _Path | None = None,
    memory: int | None = None,
    progress: Callable[[str], object] | None = None,
) -> Published | HandedOn:
    """Edits a negative's picture and proves it. The proof is verified before it is returned.

    ``hidden`` shows the picture to nobody and makes a negative for the next person, who continues ``after`` its proof. ``name`` and
    ``note`` are for everyone to see, and ``sign`` is the maker's own key. ``memory`` is how many bytes proving may take; less is slower.

    ``compact`` begins a chain with one proof for all its links, as long for two people as for a hundred; a chain goes on as it began.

    ``show`` are names of EXIF fields, such as ``"DateTimeOriginal"`` and ``"Model"``, that everyone is to see, as they were signed; no other is
    shown. Only where a chain begins; it stays shown.

    ``progress`` is called with the name of each part of the work as it begins, in the thread that called. What it raises, and
    Ctrl-C, end the work at the next part.
    """
    if not isinstance(negative, Negative):
        negative = Negative.open(os.fspath(negative))
    if after is not None and not isinstance(after, Proof):
        after = Proof.open(os.fspath(after))
    edits = _recipe(recipe)._native()
    return _native.prove(
        negative,
        edits,
        hidden=hidden,
        compact=compact,
        show=[show] if isinstance(show, str) else list(show),
        after=after,
        name=name,
        note=note,
        sign=sign,
        memory=memory,
        progress=progress,
    )


def verify(
    picture: _Subject, proof: _Proof | None = None, *, trust: _Keys = (), notaries: _Keys = (), people: _Keys = ()
) -> Report:
    """Checks a picture against its proof.

    ``picture`` is a file, its bytes, or pixels; ``None`` if it is still hidden. ``proof`` is left out if it is inside the picture's file, or
    beside it under the same name. Of a file everything is looked at that changes how it is seen; pixels are only pixels.

    ``trust`` are public keys of cameras that you trust, or files of them; ``notaries`` those of people whom you trust to have seen the
    photos that they sign; ``people`` are keys of people who may have signed edits. No key counts as another kind.

    A picture that does not hold is a report whose verdict is ``"invalid"``, and no exception; that there is no proof is one.
    """
    return _told(_native.verify([_subject(picture, proof)], _keys(trust), _keys(notaries), _keys(people))[0])


def verify_many(
    subjects: Iterable[_Subject | tuple[_Subject, _Proof | None]],
    *,
    trust: _Keys = (),
    notaries: _Keys = (),
    people: _Keys = (),
    errors: Literal["raise", "return"] = "raise",
) -> list[Any]:
    """Checks many pictures, faster than one by one; a report for each, in order. A pair is a picture and its proof.

    With ``errors="return"``, the exception stands in the place of what cannot be read.
    """
    if errors not in ("raise", "return"):
        raise ValueError('errors is "raise" or "return"')
    pairs = [_subject(*subject) if isinstance(subject, tuple) else _subject(subject, None) for subject in subjects]
    answers = _native.verify(pairs, _keys(trust), _keys(notaries), _keys(people))
    if errors == "raise":
        return [_told(answer) for answer in answers]
    return [answer if isinstance(answer, Exception) else _report(answer) for answer in answers]


def _told(answer: tuple[str, str, str] | Exception) -> Report:
    if isinstance(answer, Exception):
        raise answer
    return _report(answer)


def _subject(picture: _Subject, proof: _Proof | None) -> tuple[Picture | bytes | str | None, Proof | bytes | str | None]:
    if proof is not None and not isinstance(proof, (Proof, bytes)):
        proof = os.fspath(proof)
    if picture is None:
        return (None, proof)
    if isinstance(picture, Published):
        return (picture.tobytes(), proof)
    if not _is_file(picture):
        return (_picture(picture), proof)
    return (os.fspath(picture) if isinstance(picture, (str, os.PathLike)) else bytes(picture), proof)  # type: ignore[arg-type]


def _keys(keys: _Keys) -> list[PublicKey | str]:
    if isinstance(keys, (str, os.PathLike, PublicKey)):
        keys = [keys]
    return [key if isinstance(key, PublicKey) else os.fspath(key) for key in keys]
