"""Pictures in and out."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy
import PIL.Image
import pytest

import zkimg
from conftest import PINNED, ROOT, told


def test_arrays_and_images_come_back_as_they_were(pixels: numpy.ndarray[Any, Any]) -> None:
    for array in (pixels, pixels[:, :, 0], pixels[::-1, ::2], numpy.asfortranarray(pixels)):
        picture = zkimg.open(array)
        assert picture.size == (array.shape[1], array.shape[0])
        assert numpy.array_equal(picture.array, array)
        assert numpy.array_equal(numpy.asarray(picture), array)
        assert numpy.array_equal(numpy.asarray(picture.to_pil()), array)
        assert zkimg.open(picture.to_pil()) == picture == zkimg.open(picture.png())
        assert zkimg.open(picture) is picture
    assert zkimg.open(pixels[:, :, :1]).channels == 1
    assert zkimg.open(pixels) != zkimg.open(pixels[::-1])
    copy = zkimg.open(pixels).array
    copy[0, 0] = 0


def test_png_is_what_others_read(pixels: numpy.ndarray[Any, Any]) -> None:
    read = PIL.Image.open(io.BytesIO(zkimg.open(pixels).png()))
    assert numpy.array_equal(numpy.asarray(read), pixels)
    file = io.BytesIO()
    PIL.Image.fromarray(pixels).save(file, "PNG")
    assert numpy.array_equal(zkimg.open(file.getvalue()).array, pixels)


def test_files_are_decoded_as_the_tool_does(tmp_path: Path) -> None:
    told("edit", ROOT / "samples" / "street.jpg", "--edit", "flip=horizontal", "--out", tmp_path / "a.png")
    ours = zkimg.Recipe("flip=horizontal").preview(ROOT / "samples" / "street.jpg")
    assert ours == zkimg.open(tmp_path / "a.png")


def test_a_profile_goes_through(pixels: numpy.ndarray[Any, Any]) -> None:
    from PIL import ImageCms

    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    file = io.BytesIO()
    PIL.Image.fromarray(pixels).save(file, "PNG", icc_profile=icc)
    camera = zkimg.SigningKey.generate()
    published = zkimg.prove(zkimg.attest(file.getvalue(), camera).negative, "flip=vertical")
    image = PIL.Image.open(io.BytesIO(published.tobytes()))
    assert image.info["icc_profile"] == icc
    assert zkimg.verify(image, published.proof, trust=camera.public)
    assert zkimg.open(published.picture.to_pil()) == published.picture
    bare = zkimg.verify(published.picture.array, published.proof, trust=camera.public)
    assert bare.failed is not None and bare.failed.name == "colours"


@pytest.mark.parametrize(
    "wrong",
    [
        numpy.zeros((2, 2), numpy.float32),
        numpy.zeros((2, 2), numpy.uint16),
        numpy.zeros((2, 2), bool),
        numpy.zeros((2, 2, 4), numpy.uint8),
        numpy.zeros((0, 2), numpy.uint8),
        numpy.zeros(4, numpy.uint8),
        PIL.Image.new("RGBA", (2, 2)),
        PIL.Image.new("P", (2, 2)),
        PIL.Image.new("1", (2, 2)),
        3,
        None,
        [[1, 2], [3, 4]],
    ],
    ids=repr,
)
def test_what_is_no_picture_of_bytes_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError):
        zkimg.open(wrong)


def test_bytes_that_do_not_fit_are_refused() -> None:
    from zkimg import _native

    for width, height, channels, count in [(2, 2, 3, 11), (2, 2, 3, 13), (0, 2, 1, 0), (2, 2, 0, 0), (2, 2, 2, 8), (1 << 40, 1 << 40, 3, 1)]:
        with pytest.raises(zkimg.ZkimgError):
            _native.from_pixels(width, height, channels, bytes(count))


def test_neither_numpy_nor_pillow_is_needed() -> None:
    code = f"""
import sys
sys.modules["numpy"] = sys.modules["PIL"] = None
import zkimg
assert zkimg.verify({str(PINNED / "edited.png")!r}, trust={str(PINNED / "camera.pub")!r})
photo = zkimg.open({str(PINNED / "photo.png")!r})
zkimg.prove(zkimg.attest(photo.png(), zkimg.SigningKey.generate()).negative, "grayscale")
try:
    photo.array
except ImportError:
    print("as it should be")
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "as it should be\n"
