//! Pictures: decoded by the decoders that cameras sign with, bytes in rows of pixels outside and in planes inside.

use crate::errors::raise;
use crate::work;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use std::path::PathBuf;
use zkimg_files::{Code, Failure, input};
use zkimg_pipeline::{Dims, IccProfile, PictureError, Profile, encode_png};

/// A picture of bytes: its size, its pixels, its colour profile.
#[pyclass(frozen, module = "zkimg")]
pub(crate) struct Picture(pub(crate) zkimg_pipeline::Picture);

/// A file on a disk, or its bytes.
#[derive(FromPyObject)]
pub(crate) enum Source {
    Bytes(PyBackedBytes),
    Path(PathBuf),
}

/// Decodes a PNG, JPEG, TIFF or WebP file.
#[pyfunction]
pub(crate) fn decode(py: Python<'_>, source: Source) -> PyResult<Picture> {
    work::run(py, None, None, |_| match source {
        Source::Path(path) => input::picture(&path).map(Picture),
        Source::Bytes(bytes) => zkimg_pipeline::Picture::decode(&bytes).map(Picture).map_err(|error| unreadable(&error)),
    })
}

fn unreadable(error: &PictureError) -> Failure {
    Failure::new(Code::Unsupported, format!("the picture: {error}"))
}

/// A picture of these bytes, one pixel after the other in lines, with the ICC profile that they are in.
#[pyfunction]
#[pyo3(signature = (width, height, channels, pixels, icc = None))]
pub(crate) fn from_pixels(
    py: Python<'_>,
    width: usize,
    height: usize,
    channels: usize,
    pixels: PyBackedBytes,
    icc: Option<PyBackedBytes>,
) -> PyResult<Picture> {
    let picture = py.detach(|| planar(width, height, channels, &pixels, icc.as_deref()));
    picture.map(Picture).map_err(|failure| raise(py, &failure))
}

fn planar(width: usize, height: usize, channels: usize, pixels: &[u8], icc: Option<&[u8]>) -> Result<zkimg_pipeline::Picture, Failure> {
    let dims = Dims::new(channels, height, width).map_err(|error| Failure::new(Code::Usage, format!("the picture: {error}")))?;
    let mut planes = Vec::with_capacity(pixels.len());
    for channel in 0..channels {
        planes.extend(pixels.iter().skip(channel).step_by(channels));
    }
    let picture = zkimg_pipeline::Picture::new(dims, planes).map_err(|error| unreadable(&error))?;
    // A profile that no picture of so many channels has is none of it.
    Ok(match icc.map(IccProfile::read).transpose().map_err(|error| unreadable(&error))? {
        Some(icc) => picture.with_profile(Profile::Icc(icc).on(channels)),
        None => picture,
    })
}

/// What another package makes of a picture.
fn converted<'py>(picture: &Bound<'py, Picture>, how: &str) -> PyResult<Bound<'py, PyAny>> {
    picture.py().import("zkimg._pictures")?.call_method1(how, (picture,))
}

#[pymethods]
impl Picture {
    /// Pixels in a line.
    #[getter]
    fn width(&self) -> usize {
        self.0.dims().width
    }

    /// Lines.
    #[getter]
    fn height(&self) -> usize {
        self.0.dims().height
    }

    /// 1 for grey, 3 for colour.
    #[getter]
    fn channels(&self) -> usize {
        self.0.dims().channels
    }

    /// Width and height, as Pillow has them.
    #[getter]
    fn size(&self) -> (usize, usize) {
        (self.width(), self.height())
    }

    /// The ICC profile that the pixels are in, if there is one.
    #[getter]
    fn icc<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.0.profile().icc().map(|icc| PyBytes::new(py, icc.bytes()))
    }

    /// The pixels, one after the other in lines.
    fn tobytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let (cells, channels) = (self.0.cells(), self.channels());
        let plane = cells.len() / channels.max(1);
        PyBytes::new_with(py, cells.len(), |pixels| {
            for (channel, plane) in cells.chunks_exact(plane.max(1)).enumerate() {
                pixels.iter_mut().skip(channel).step_by(channels).zip(plane).for_each(|(pixel, cell)| *pixel = *cell);
            }
            Ok(())
        })
    }

    /// A PNG file of it.
    fn png<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let file = py.detach(|| encode_png(&self.0));
        PyBytes::new(py, &file)
    }

    fn _repr_png_<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        self.png(py)
    }

    /// The pixels as an array of numpy: height × width for grey, height × width × 3 for colour. A copy.
    #[getter]
    fn array<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        converted(this, "to_array")
    }

    /// As numpy asks for it.
    #[pyo3(signature = (dtype = None, copy = None))]
    fn __array__<'py>(this: &Bound<'py, Self>, dtype: Option<Bound<'py, PyAny>>, copy: Option<bool>) -> PyResult<Bound<'py, PyAny>> {
        if copy == Some(false) {
            return Err(PyValueError::new_err("the pixels of a picture are copied into an array; leave copy=False out"));
        }
        let array = converted(this, "to_array")?;
        dtype.map_or(Ok(array.clone()), |dtype| array.call_method1("astype", (dtype,)))
    }

    /// The same as an image of Pillow.
    fn to_pil<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        converted(this, "to_pillow")
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Picture>().is_ok_and(|other| {
            let (a, b) = (&self.0, &other.get().0);
            a.dims() == b.dims() && a.cells() == b.cells() && a.profile().id() == b.profile().id()
        })
    }

    fn __repr__(&self) -> String {
        format!("<zkimg.Picture {} × {}, {}>", self.width(), self.height(), if self.channels() == 1 { "grey" } else { "colour" })
    }
}
