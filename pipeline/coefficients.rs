//! A published JPEG as one tensor, and its digest.

use crate::statement::Digest;
use blake2b_simd::Params as Blake2b;
use zkimg_edits::jpeg::Jpeg;
#[cfg(feature = "prover")]
use zkimg_graph::tensor::CellsRef;
use zkimg_graph::tensor::Dims;
#[cfg(feature = "prover")]
use zkimg_picture::Component;
use zkimg_picture::{Coefficients, JpegShape, ProfileId};
use zkimg_proof::argument::Pixels;

/// Size, components and sampling of the file that an edit makes of a picture.
pub(crate) fn shape(jpeg: &Jpeg, picture: Dims) -> JpegShape {
    JpegShape { width: picture.width, height: picture.height, shared: jpeg.colour().map(|colour| colour.sampling.shared()) }
}

/// The quantisation table of a component.
fn table(jpeg: &Jpeg, component: usize) -> [u8; 64] {
    jpeg.colour().filter(|_| component > 0).map_or(*jpeg.luma(), |colour| colour.table)
}

/// The coefficients cell by cell of the edit's layout; `None` if they are not coded as the edit says, or the edit is none of such a picture.
pub(crate) fn cells(coefficients: &Coefficients, jpeg: &Jpeg, picture: Dims) -> Option<Vec<i16>> {
    let layout = jpeg.layout(picture).ok()?;
    if coefficients.shape != shape(jpeg, picture) || coefficients.components.len() != layout.components() {
        return None;
    }
    let dims = layout.dims();
    let mut cells = vec![0; dims.cells()];
    for (i, component) in coefficients.components.iter().enumerate() {
        let (rows, columns) = layout.place(i);
        if component.table != table(jpeg, i) || component.blocks.len() != rows.len() * columns.len() {
            return None;
        }
        let places = rows.flat_map(|row| columns.clone().map(move |column| row * dims.width + column));
        for (place, block) in places.zip(&component.blocks) {
            cells.iter_mut().skip(place).step_by(dims.height * dims.width).zip(block).for_each(|(cell, value)| *cell = *value);
        }
    }
    Some(cells)
}

/// The coefficients out of the cells of the edit's layout.
#[cfg(feature = "prover")]
pub(crate) fn coefficients(cells: CellsRef<'_>, jpeg: &Jpeg, picture: Dims) -> Result<Coefficients, zkimg_edits::EditError> {
    let layout = jpeg.layout(picture)?;
    let plane = layout.dims().height * layout.dims().width;
    let component = |i: usize| {
        let (rows, columns) = layout.place(i);
        let places = rows.flat_map(|row| columns.clone().map(move |column| row * layout.dims().width + column));
        let block = |place: usize| std::array::from_fn(|k| cells.get(k * plane + place) as i16);
        Component { table: table(jpeg, i), blocks: places.map(block).collect() }
    };
    Ok(Coefficients { shape: shape(jpeg, picture), components: (0..layout.components()).map(component).collect() })
}

/// What a link's statement says of a published JPEG: its coefficients, and everything that decides what they look like. `pixels` are its
/// cells.
pub(crate) fn digest(pixels: &Pixels<'_>, jpeg: &Jpeg, picture: Dims, profile: &ProfileId) -> Digest {
    let shape = shape(jpeg, picture);
    let (lines, columns) = shape.share(1);
    let mut state = Blake2b::new().hash_length(32).personal(b"zkimg-coeffs-v1").to_state();
    for n in [shape.width, shape.height, shape.components(), lines, columns] {
        state.update(&(n as u64).to_le_bytes());
    }
    for component in 0..shape.components() {
        state.update(&table(jpeg, component));
    }
    match profile {
        ProfileId::None => state.update(&[0]),
        ProfileId::Srgb => state.update(&[1]),
        ProfileId::Icc(sha256) => state.update(&[2]).update(sha256),
    };
    state.update(&pixels.shape()).update(pixels.digest());
    let mut digest = [0; 32];
    digest.copy_from_slice(state.finalize().as_bytes());
    digest
}
