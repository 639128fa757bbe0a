"""Recipes: the edits, in order."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from operator import index
from typing import TYPE_CHECKING, Any, Union, cast

from . import _native
from ._pictures import picture as _picture

if TYPE_CHECKING:
    from ._native import Negative, Picture
    from ._pictures import _PictureLike

    _Number = Union[int, float, str, Decimal]
    _Edit = Union[str, Mapping[str, Any]]


class Recipe:
    """Edits, in order: at most 32. A recipe never changes; every method gives another one.

    >>> Recipe().crop(320, 120, 640, 480).contrast(1.15)
    Recipe({'op': 'crop', 'x': 320, 'y': 120, 'width': 640, 'height': 480}, {'op': 'contrast', 'factor': '1.15'})

    Edits may also be written as for the tool, in words or as in a recipe's file:

    >>> Recipe("crop=16:9", "contrast=1.15").flip("horizontal")
    Recipe('crop=16:9', 'contrast=1.15', {'op': 'flip', 'axis': 'horizontal'})

    What is wrong is said at once, unless it depends on the picture:

    >>> Recipe().contrast(99)
    Traceback (most recent call last):
      ...
    zkimg.errors.UsageError: edit 1: contrast: factor is "99", but must be a decimal number from 0 to 16
    """

    __slots__ = ("_edits", "_jpeg", "_parts")

    _edits: tuple[_Edit, ...]
    _parts: tuple[str | tuple[str, str], ...]
    _jpeg: tuple[int, str] | None

    def __init__(self, *edits: _Edit) -> None:
        self._set(tuple(edits), tuple(_part(edit, "") for edit in edits), None)

    def _set(self, edits: tuple[_Edit, ...], parts: tuple[str | tuple[str, str], ...], jpeg: tuple[int, str] | None) -> None:
        _native.check_recipe((list(parts), jpeg))
        object.__setattr__(self, "_edits", edits)
        object.__setattr__(self, "_parts", parts)
        object.__setattr__(self, "_jpeg", jpeg)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a recipe does not change; its methods give another one")

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Recipe:
        """Reads a recipe's file. Overlays name files beside it."""
        path = os.fspath(path)
        text = _native.read_recipe(path)
        made = cls.__new__(cls)
        made._set(tuple(json.loads(text)["edits"]), ((text, os.path.dirname(path)),), None)
        return made

    def then(self, edit: _Edit) -> Recipe:
        """One more edit, in words or as in a recipe's file."""
        made = Recipe.__new__(Recipe)
        made._set((*self._edits, edit), (*self._parts, _part(edit, "")), self._jpeg)
        return made

    def _op(self, op: str, **parameters: object) -> Recipe:
        return self.then({"op": op, **{name: value for name, value in parameters.items() if value is not None}})

    def crop(self, x: int, y: int, width: int, height: int) -> Recipe:
        """Keeps a rectangle."""
        return self._op("crop", x=x, y=y, width=width, height=height)

    def flip(self, axis: str) -> Recipe:
        """Mirrors: ``"horizontal"`` exchanges left and right, ``"vertical"`` up and down."""
        return self._op("flip", axis=axis)

    def rotate(self, degrees: int) -> Recipe:
        """Turns clockwise by 90, 180 or 270 degrees."""
        return self._op("rotate", degrees=degrees)

    def resize(self, width: int, height: int, filter: str = "lanczos3") -> Recipe:
        """Another size; the filter is ``"nearest"``, ``"bilinear"`` or ``"lanczos3"``."""
        return self._op("resize", width=width, height=height, filter=filter)

    def contrast(self, factor: _Number) -> Recipe:
        """Stretches the values around middle grey; 1 changes nothing."""
        return self._op("contrast", factor=_number(factor))

    def brightness(self, offset: int) -> Recipe:
        """Adds the same to every value."""
        return self._op("brightness", offset=offset)

    def gamma(self, gamma: _Number) -> Recipe:
        """Raises values between 0 and 1 to a power; above 1 darkens."""
        return self._op("gamma", gamma=_number(gamma))

    def curve(self, values: Iterable[int]) -> Recipe:
        """A tone curve: the results for 0, 1, … 255."""
        return self._op("curve", values=[int(value) for value in values])

    def white_balance(self, red: _Number, green: _Number, blue: _Number) -> Recipe:
        """A gain for each channel; 1 changes nothing."""
        return self._op("white_balance", red=_number(red), green=_number(green), blue=_number(blue))

    def grayscale(self) -> Recipe:
        """One channel, the weighted mean of red, green and blue."""
        return self._op("grayscale")

    def rgb_to_ycbcr(self) -> Recipe:
        """Red, green and blue to luma and chroma, as JPEG does."""
        return self._op("rgb_to_ycbcr")

    def ycbcr_to_rgb(self) -> Recipe:
        """Luma and chroma to red, green and blue, as JPEG does."""
        return self._op("ycbcr_to_rgb")

    def convolve(
        self, kernel: Sequence[Sequence[int]], divisor: int = 1, offset: int | None = None, border: str | None = None
    ) -> Recipe:
        """Any small integer filter, each channel alike; the border is ``"replicate"`` or ``"zero"``."""
        rows = [[int(weight) for weight in row] for row in kernel]
        return self._op("convolve", kernel=rows, divisor=divisor, offset=offset, border=border)

    def blur(self, sigma: _Number) -> Recipe:
        """A Gaussian blur; sigma in pixels, from 0.3 to 10."""
        return self._op("blur", sigma=_number(sigma))

    def sharpen(self, amount: _Number) -> Recipe:
        """Strengthens the difference from the 3 × 3 mean; 0 changes nothing."""
        return self._op("sharpen", amount=_number(amount))

    def redact(self, rectangles: Iterable[tuple[int, int, int, int]], colour: tuple[int, int, int] | None = None) -> Recipe:
        """Covers rectangles, each ``(x, y, width, height)``, with one colour, black if left out."""
        boxes = [dict(zip(("x", "y", "width", "height"), rectangle, strict=True)) for rectangle in rectangles]
        return self._op("redact", rectangles=boxes, colour=None if colour is None else list(colour))

    def pixelate(self, x: int, y: int, width: int, height: int, block: int) -> Recipe:
        """Replaces the blocks of a rectangle by their means."""
        return self._op("pixelate", x=x, y=y, width=width, height=height, block=block)

    def overlay(self, image: str | os.PathLike[str], x: int, y: int) -> Recipe:
        """Blends a PNG file over the picture. Everyone will see the file's pixels."""
        return self._op("overlay", image=os.fspath(image), x=x, y=y)

    def jpeg(self, quality: int = 90, sampling: str = "420") -> Recipe:
        """Publishes a JPEG, whose coefficients are proved. It is the last that is said."""
        made = Recipe.__new__(Recipe)
        made._set(self._edits, self._parts, (quality, sampling))
        return made

    def preview(self, picture: _PictureLike) -> Picture:
        """The picture that the edits make of another, without a proof: the same integers."""
        return _native.preview(_picture(picture), self._native())

    def exact(self, picture: Picture | Negative) -> dict[str, Any]:
        """The edits as a proof holds them for a picture of this size, and as a recipe's file does: every parameter fixed."""
        text = _native.exact_edits(self._native(), picture.width, picture.height, picture.channels)
        return cast(dict[str, Any], json.loads(text))

    def _native(self) -> tuple[list[str | tuple[str, str]], tuple[int, str] | None]:
        return (list(self._parts), self._jpeg)

    def __len__(self) -> int:
        return len(self._edits)

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Recipe) and (self._parts, self._jpeg) == (other._parts, other._jpeg)

    def __hash__(self) -> int:
        return hash((self._parts, self._jpeg))

    def __reduce__(self) -> tuple[Any, ...]:
        return (_again, (self._edits, self._parts, self._jpeg))

    def __repr__(self) -> str:
        jpeg = "" if self._jpeg is None else ".jpeg({!r}, {!r})".format(*self._jpeg)
        return f"Recipe({', '.join(repr(edit) for edit in self._edits)}){jpeg}"


def _again(edits: tuple[_Edit, ...], parts: tuple[str | tuple[str, str], ...], jpeg: tuple[int, str] | None) -> Recipe:
    made = Recipe.__new__(Recipe)
    made._set(edits, parts, jpeg)
    return made


def _part(edit: _Edit, folder: str) -> str | tuple[str, str]:
    if isinstance(edit, str):
        return edit
    if isinstance(edit, Mapping):
        return (json.dumps({"zkimg": 1, "edits": [dict(edit)]}, default=index), folder)
    raise TypeError(f'an edit is words, as "contrast=1.15", or a dict with "op", and not {type(edit).__name__}')


def _number(value: _Number) -> str:
    """A number as recipes have it: a decimal, and never with a power of ten."""
    if isinstance(value, str):
        return value
    return format(Decimal(repr(float(value))) if isinstance(value, float) else Decimal(value), "f")


def recipe(edits: Recipe | _Edit | Iterable[_Edit]) -> Recipe:
    """A recipe, or edits that make one."""
    if isinstance(edits, Recipe):
        return edits
    if isinstance(edits, (str, Mapping)):
        return Recipe(edits)
    return Recipe(*edits)
