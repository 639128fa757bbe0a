//! Operators with weights: convolutions and dense layers.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::error::Fault;
use super::schema::Operator;
use super::tensors::{Constant, Made};
use super::{Importer, bits_of};
use crate::layers::{Axis, Conv, Dense, Depthwise, Layer, Window};
use crate::model::{MAX_BIAS_BITS, MAX_WEIGHT_BITS};
use zeroize::Zeroizing;

/// A layer's weights and biases with the multipliers in them. Secret.
struct Folded {
    weights: Zeroizing<Vec<i64>>,
    biases: Zeroizing<Vec<i64>>,
    bits: u32,
}

impl Importer<'_> {
    /// `y_c = Σ M_c·w[c][k]·(x[k] − z) + M_c·b_c`, of weights given by a place for each channel and tap.
    fn folded(
        &self,
        (input, output): (&Made, &Made),
        weights: &Constant<'_>,
        biases: &[i64],
        (channels, taps): (usize, usize),
        place: impl Fn(usize, usize) -> usize,
        zero_in_biases: bool,
    ) -> Result<Folded, Fault> {
        let mut folded =
            Folded { weights: Vec::with_capacity(channels * taps).into(), biases: Vec::with_capacity(channels).into(), bits: 0 };
        for c in 0..channels {
            let scale = f64::from(input.scale) * weights.scale(c) / f64::from(output.scale);
            let multiplier = self.precision.multiplier(scale).ok_or(Fault::Large)?;
            let start = folded.weights.len();
            folded.weights.extend((0..taps).map(|k| multiplier.factor * weights.cell(place(c, k))));
            let mut bias =
                i128::from(multiplier.factor) * i128::from(biases.get(c).copied().unwrap_or(0)) + i128::from(multiplier.first_half);
            if zero_in_biases {
                let sum: i128 = folded.weights.iter().skip(start).map(|w| i128::from(*w)).sum();
                bias -= i128::from(input.zero) * sum;
            }
            let bias = i64::try_from(bias).ok().filter(|bias| bits_of(&[*bias]) <= MAX_BIAS_BITS);
            folded.biases.push(bias.ok_or(Fault::Large)?);
        }
        folded.bits = bits_of(&folded.weights);
        if folded.bits > MAX_WEIGHT_BITS { Err(Fault::Large) } else { Ok(folded) }
    }

    /// The window over a value, from padding and strides as the options have them.
    pub(super) fn window(&self, input: &Made, padding: i8, kernel: [usize; 2], stride: [usize; 2], output: &Made) -> Result<Window, Fault> {
        let border = input.border.map(|[top, bottom, left, right]| [[top, bottom], [left, right]]);
        let axis = |side: usize, kernel: usize, stride: usize, border: Option<[usize; 2]>| match (padding, border) {
            (0, None) => Ok(Axis::same(side, kernel, stride)),
            (1, None) => Ok(Axis::valid(side, kernel, stride)),
            (1, Some([before, after])) => {
                let padded = Axis::valid(side.saturating_add(before).saturating_add(after), kernel, stride);
                Ok(Axis { input: side, before, ..padded })
            }
            _ => Err(Fault::Form("this padding")),
        };
        let window = Window {
            y: axis(input.dims.height, kernel[0], stride[0], border.map(|[y, _]| y))?,
            x: axis(input.dims.width, kernel[1], stride[1], border.map(|[_, x]| x))?,
        };
        window.check().map_err(|_| Fault::Form("a window or stride of this size"))?;
        if [window.y.output, window.x.output] != [output.dims.height, output.dims.width] {
            return Err(Fault::Shape);
        }
        Ok(window)
    }

    /// Rows and columns of the window of a constant `[_][ky][kx][_]`.
    fn kernel(&self, operator: &Operator<'_>, i: usize) -> Result<[usize; 2], Fault> {
        let index = operator.inputs.get(i).copied().flatten().ok_or(Fault::Shape)?;
        match self.graph.tensors.get(index).map(|tensor| &tensor.shape[..]) {
            Some([_, height, width, _]) => Ok([*height, *width]),
            _ => Err(Fault::Shape),
        }
    }

    pub(super) fn conv(&mut self, operator: &Operator<'_>) -> Result<(), Fault> {
        let (input, (index, output)) = (self.reads(operator, 0, true)?, self.output(operator)?);
        if operator.count(4, 1)? != 1 || operator.count(5, 1)? != 1 {
            return Err(Fault::Form("dilation"));
        }
        let kernel = self.kernel(operator, 1)?;
        let window = self.window(&input, operator.byte(0)?, kernel, [operator.count(2, 0)?, operator.count(1, 0)?], &output)?;
        let (inputs, outputs) = (input.dims.channels, output.dims.channels);
        let weights = self.weights(operator, 1, &[outputs, kernel[0], kernel[1], inputs], 0)?;
        let range = output.range(operator.byte(3)?)?;
        self.place_conv(
            operator,
            (input, index, output),
            weights,
            Conv { inputs, outputs, window, zero: 0, weight_bits: 0, range },
            |c, k, taps| c * taps + k,
        )
    }

    fn place_conv(
        &mut self,
        operator: &Operator<'_>,
        (input, index, output): (Made, usize, Made),
        weights: Constant<'_>,
        conv: Conv,
        place: impl Fn(usize, usize, usize) -> usize,
    ) -> Result<(), Fault> {
        let conv = Conv { zero: input.zero, ..conv };
        let (channels, taps) = (conv.outputs, conv.window.cells() * conv.inputs);
        self.allow(channels * taps)?;
        let biases = Zeroizing::new(self.integers(operator, 2, channels)?);
        let at = |c, k| place(c, k, taps);
        let mut folded = self.folded((&input, &output), &weights, &biases, (channels, taps), at, conv.zero_in_biases())?;
        let layer = Layer::Conv(Conv { weight_bits: folded.bits, ..conv });
        self.layer(layer, vec![input.value], std::mem::take(&mut *folded.weights), std::mem::take(&mut *folded.biases))?;
        self.keep(index, output);
        Ok(())
    }

    pub(super) fn depthwise(&mut self, operator: &Operator<'_>) -> Result<(), Fault> {
        let (input, (index, output)) = (self.reads(operator, 0, true)?, self.output(operator)?);
        if operator.count(5, 1)? != 1 || operator.count(6, 1)? != 1 {
            return Err(Fault::Form("dilation"));
        }
        let kernel = self.kernel(operator, 1)?;
        let window = self.window(&input, operator.byte(0)?, kernel, [operator.count(2, 0)?, operator.count(1, 0)?], &output)?;
        let (inputs, channels) = (input.dims.channels, output.dims.channels);
        let weights = self.weights(operator, 1, &[1, kernel[0], kernel[1], channels], 3)?;
        let range = output.range(operator.byte(4)?)?;
        // Of one channel many are made: that is a convolution.
        if inputs == 1 && channels > 1 {
            let conv = Conv { inputs, outputs: channels, window, zero: 0, weight_bits: 0, range };
            return self.place_conv(operator, (input, index, output), weights, conv, |c, k, _| k * channels + c);
        }
        if inputs != channels {
            return Err(Fault::Form("several results a channel"));
        }
        let layer = Depthwise { channels, window, zero: input.zero, weight_bits: 0, range };
        let taps = window.cells();
        self.allow(channels * taps)?;
        let biases = Zeroizing::new(self.integers(operator, 2, channels)?);
        let at = |c, k| k * channels + c;
        let mut folded = self.folded((&input, &output), &weights, &biases, (channels, taps), at, layer.zero_in_biases())?;
        let layer = Layer::Depthwise(Depthwise { weight_bits: folded.bits, ..layer });
        self.layer(layer, vec![input.value], std::mem::take(&mut *folded.weights), std::mem::take(&mut *folded.biases))?;
        self.keep(index, output);
        Ok(())
    }

    pub(super) fn dense(&mut self, operator: &Operator<'_>) -> Result<(), Fault> {
        let (input, (index, output)) = (self.reads(operator, 0, false)?, self.output(operator)?);
        if operator.byte(1)? != 0 {
            return Err(Fault::Form("another order of the weights"));
        }
        let (inputs, outputs) = (input.dims.channels, output.dims.channels);
        if [input.dims, output.dims].iter().any(|dims| dims.lines() != dims.channels || dims.width != 1) {
            return Err(Fault::Form("a plane of more than one cell"));
        }
        let weights = self.weights(operator, 1, &[outputs, inputs], 0)?;
        let range = output.range(operator.byte(0)?)?;
        self.allow(outputs * inputs)?;
        let biases = Zeroizing::new(self.integers(operator, 2, outputs)?);
        let mut folded = self.folded((&input, &output), &weights, &biases, (outputs, inputs), |c, k| c * inputs + k, true)?;
        let layer = Layer::Dense(Dense { inputs, outputs, weight_bits: folded.bits, range });
        self.layer(layer, vec![input.value], std::mem::take(&mut *folded.weights), std::mem::take(&mut *folded.biases))?;
        self.keep(index, output);
        Ok(())
    }
}
