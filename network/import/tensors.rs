//! Tensors of a file as values and constants.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::Importer;
use super::error::Fault;
use super::schema::{INT8, INT32, Operator, Tensor};
use crate::layers::Range;
use zkimg_graph::tensor::Dims;

/// What an operator made.
#[derive(Clone, Debug)]
pub(super) struct Made {
    /// Its number in the network.
    pub(super) value: usize,
    /// Its shape.
    pub(super) dims: Dims,
    /// What one of its integers stands for.
    pub(super) scale: f32,
    /// The byte that stands for zero.
    pub(super) zero: u8,
    /// Zeros around it, which an operator put there: above, below, left, right.
    pub(super) border: Option<[usize; 4]>,
}

/// A constant with a scale a channel; secret.
pub(super) struct Constant<'a> {
    pub(super) cells: &'a [u8],
    pub(super) scales: Vec<f32>,
}

impl Constant<'_> {
    /// The scale of a channel.
    pub(super) fn scale(&self, channel: usize) -> f64 {
        let scale = if self.scales.len() == 1 { self.scales.first() } else { self.scales.get(channel) };
        scale.copied().unwrap_or(f32::NAN).into()
    }

    /// Cell `i` as int8.
    pub(super) fn cell(&self, i: usize) -> i64 {
        self.cells.get(i).map_or(0, |byte| byte.cast_signed().into())
    }
}

impl<'a> Importer<'a> {
    fn tensor(&self, index: usize) -> Result<&Tensor<'a>, Fault> {
        self.graph.tensors.get(index).ok_or(Fault::Shape)
    }

    /// A tensor of int8 cells with one scale, as value `value` of the network.
    pub(super) fn activation(&self, index: usize, value: usize) -> Result<Made, Fault> {
        let tensor = self.tensor(index)?;
        let (channels, height, width) = match tensor.shape[..] {
            [1, height, width, channels] => (channels, height, width),
            [1, channels] => (channels, 1, 1),
            _ => return Err(Fault::Shape),
        };
        let dims = Dims::new(channels, height, width).map_err(|_| Fault::Shape)?;
        let wrong = Fault::Quantisation(index);
        let quantisation = tensor.quantisation(1)?;
        let ([scale], [zero]) = (&quantisation.scales[..], &quantisation.zeros[..]) else { return Err(wrong) };
        let byte = u8::try_from(zero.saturating_add(128)).ok().filter(|_| tensor.kind == INT8 && tensor.data.is_empty());
        let scale = Some(*scale).filter(|scale| scale.is_normal() && *scale > 0.0);
        let (Some(zero), Some(scale)) = (byte, scale) else { return Err(wrong) };
        Ok(Made { value, dims, scale, zero, border: None })
    }

    /// Input `i` of an operator, which an operator before it made; a border only if it is said to be wanted.
    pub(super) fn reads(&self, operator: &Operator<'_>, i: usize, bordered: bool) -> Result<Made, Fault> {
        let index = operator.inputs.get(i).copied().flatten().ok_or(Fault::Shape)?;
        let made = self.made.get(index).and_then(Option::as_ref).ok_or(Fault::Reads(index))?;
        if made.border.is_some() && !bordered {
            return Err(Fault::Form("a padded input"));
        }
        Ok(made.clone())
    }

    /// The operator's one output, as the value that the next layer makes.
    pub(super) fn output(&self, operator: &Operator<'_>) -> Result<(usize, Made), Fault> {
        let [Some(index)] = operator.outputs[..] else { return Err(Fault::Shape) };
        if self.made.get(index).is_none_or(Option::is_some) {
            return Err(Fault::Shape);
        }
        Ok((index, self.activation(index, self.layers.len() + 1)?))
    }

    /// Remembers what an operator made.
    pub(super) fn keep(&mut self, index: usize, made: Made) {
        if let Some(place) = self.made.get_mut(index) {
            *place = Some(made);
        }
    }

    /// Input `i` as constant int8 cells of this shape, whose zero is zero, with a scale for each of the channels along an axis.
    pub(super) fn weights(&self, operator: &Operator<'_>, i: usize, shape: &[usize], axis: usize) -> Result<Constant<'a>, Fault> {
        let index = operator.inputs.get(i).copied().flatten().ok_or(Fault::Shape)?;
        let tensor = self.tensor(index)?;
        if tensor.shape != shape {
            return Err(Fault::Shape);
        }
        let cells = shape.iter().try_fold(1usize, |n, side| n.checked_mul(*side)).ok_or(Fault::Shape)?;
        if tensor.data.len() != cells {
            return Err(Fault::Data(index));
        }
        let channels = shape.get(axis).copied().ok_or(Fault::Shape)?;
        let quantisation = tensor.quantisation(channels)?;
        let scales = quantisation.scales.len();
        let along = scales == 1 || scales == channels && quantisation.axis == axis;
        let scales_fit = quantisation.scales.iter().all(|scale| scale.is_finite() && *scale >= 0.0);
        if tensor.kind != INT8 || !along || !scales_fit || quantisation.zeros.iter().any(|zero| *zero != 0) {
            return Err(Fault::Quantisation(index));
        }
        Ok(Constant { cells: tensor.data, scales: quantisation.scales })
    }

    /// Input `i` as so many 32-bit integers; zeros if it is left out.
    pub(super) fn integers(&self, operator: &Operator<'_>, i: usize, count: usize) -> Result<Vec<i64>, Fault> {
        let Some(index) = operator.inputs.get(i).copied().flatten() else { return Ok(vec![0; count]) };
        let tensor = self.tensor(index)?;
        let (words, rest) = tensor.data.as_chunks::<4>();
        if tensor.kind != INT32 || words.len() != count || !rest.is_empty() {
            return Err(Fault::Data(index));
        }
        Ok(words.iter().map(|word| i32::from_le_bytes(*word).into()).collect())
    }
}

impl Made {
    /// The clamp of an activation function, numbered as in the schema.
    pub(super) fn range(&self, activation: i8) -> Result<Range, Fault> {
        let all = Range::all(self.zero);
        match activation {
            0 => Ok(all),
            1 => Ok(Range { low: self.zero, ..all }),
            3 => {
                // Quantised in single precision, as TFLite does.
                let six = ((6.0 / self.scale).round() as i64).saturating_add(self.zero.into());
                Ok(Range { low: self.zero, high: six.clamp(self.zero.into(), 255) as u8, ..all })
            }
            _ => Err(Fault::Form("an activation other than ReLU and ReLU6")),
        }
    }
}
