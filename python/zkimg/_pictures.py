"""What may be given for a picture: files, bytes, arrays of numpy, images of Pillow. Neither package is needed until it is used."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Union

from . import _native
from ._native import Picture

if TYPE_CHECKING:
    import numpy
    import numpy.typing
    import PIL.Image

    _PictureLike = Union[
        Picture, str, os.PathLike[str], bytes, bytearray, memoryview, "numpy.typing.NDArray[numpy.uint8]", PIL.Image.Image
    ]

_WHAT = "give a path, the bytes of a picture file, an array of uint8 (height × width, or height × width × 3), or an image of Pillow"


def picture(source: _PictureLike) -> Picture:
    """The picture that is given, decoded by zkimg where it is a file."""
    if isinstance(source, Picture):
        return source
    if isinstance(source, (str, os.PathLike)):
        return _native.decode(os.fspath(source))
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _native.decode(bytes(source))
    pillow = sys.modules.get("PIL.Image")
    if pillow is not None and isinstance(source, pillow.Image):
        return _of_pillow(source)
    if hasattr(source, "__array__"):
        return _of_array(source)
    raise TypeError(f"a picture cannot be made of {type(source).__name__}; {_WHAT}")


def is_file(source: object) -> bool:
    """Whether this is a file's path or its bytes: of those, verification sees more than of pixels."""
    return isinstance(source, (str, os.PathLike, bytes, bytearray, memoryview))


def _of_pillow(image: PIL.Image.Image) -> Picture:
    if image.mode not in ("L", "RGB"):
        raise TypeError(f'an image of mode {image.mode} is no picture of bytes; make it one with .convert("RGB") or .convert("L")')
    icc = image.info.get("icc_profile")
    return _native.from_pixels(image.width, image.height, len(image.mode) if image.mode == "RGB" else 1, image.tobytes(), icc or None)


def _of_array(source: Any) -> Picture:
    import numpy

    array = numpy.asarray(source)
    if array.dtype != numpy.uint8:
        raise TypeError(f"an array of {array.dtype} is no picture of bytes; make it one of uint8, from 0 to 255")
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 3)) or array.size == 0:
        raise TypeError(f"an array of shape {array.shape} is no picture; give height × width, or height × width × 3")
    channels = array.shape[2] if array.ndim == 3 else 1
    return _native.from_pixels(array.shape[1], array.shape[0], channels, array.tobytes())


def to_array(picture: Picture) -> numpy.typing.NDArray[numpy.uint8]:
    """The pixels: height × width for grey, height × width × 3 for colour."""
    import numpy

    shape = (picture.height, picture.width) if picture.channels == 1 else (picture.height, picture.width, picture.channels)
    # A copy, so that it can be written to.
    return numpy.frombuffer(picture.tobytes(), numpy.uint8).reshape(shape).copy()


def to_pillow(picture: Picture) -> PIL.Image.Image:
    """The same as an image of Pillow."""
    import PIL.Image

    image = PIL.Image.frombytes("L" if picture.channels == 1 else "RGB", picture.size, picture.tobytes())
    if picture.icc is not None:
        image.info["icc_profile"] = picture.icc
    return image
