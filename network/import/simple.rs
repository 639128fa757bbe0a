//! Operators without a matrix of weights.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::error::Fault;
use super::schema::Operator;
use super::tensors::Made;
use super::{Importer, bits_of};
use crate::layers::{Add, AveragePool, Layer, Mean, Prelu, Rescale};
use crate::quantise::Multiplier;

impl Importer<'_> {
    /// The integers of `from.scale/to.scale`.
    fn ratio(&self, from: &Made, to: &Made) -> Result<Multiplier, Fault> {
        self.precision.multiplier(f64::from(from.scale) / f64::from(to.scale)).ok_or(Fault::Large)
    }

    pub(super) fn add(&mut self, operator: &Operator<'_>) -> Result<(), Fault> {
        let (index, output) = self.output(operator)?;
        let inputs = [self.reads(operator, 0, false)?, self.reads(operator, 1, false)?];
        if operator.inputs.len() != 2 || inputs.iter().any(|input| input.dims != output.dims) {
            return Err(Fault::Shape);
        }
        let weights = inputs.iter().map(|input| Ok(self.ratio(input, &output)?.factor)).collect::<Result<Vec<i64>, Fault>>()?;
        let bias = inputs.iter().zip(&weights).map(|(input, m)| -m * i64::from(input.zero)).sum();
        let range = output.range(operator.byte(0)?)?;
        let layer = Layer::Add(Add { dims: output.dims, weight_bits: bits_of(&weights), range });
        self.layer(layer, inputs.iter().map(|input| input.value).collect(), weights, vec![bias])?;
        self.keep(index, output);
        Ok(())
    }

    /// ReLU, ReLU6, and a mere change of scale.
    pub(super) fn rescale(&mut self, operator: &Operator<'_>) -> Result<(), Fault> {
        let (input, (index, output)) = (self.reads(operator, 0, false)?, self.output(operator)?);
        if input.dims != output.dims {
            return Err(Fault::Shape);
        }
        let activation = match operator.code {
            19 => 1,
            21 => 3,
            _ => 0,
        };
        let Multiplier { factor, first_half } = self.ratio(&input, &output)?;
        let range = output.range(activation)?;
        let layer = Layer::Rescale(Rescale { dims: output.dims, weight_bits: bits_of(&[factor]), range });
        self.layer(layer, vec![input.value], vec![factor], vec![first_half - factor * i64::from(input.zero)])?;
        self.keep(index, output);
        Ok(())
    }

    pub(super) fn mean(&mut self, operator: &Operator<'_>) -> Result<(), Fault> {
        let (input, (index, output)) = (self.reads(operator, 0, false)?, self.output(operator)?);
        let mut axes = self.integers(operator, 1, 2)?;
        axes.sort_unstable();
        if axes != [1, 2] || operator.inputs.len() != 2 {
            return Err(Fault::Form("a mean along other axes than rows and columns"));
        }
        if (input.dims.channels, 1, 1) != (output.dims.channels, output.dims.height, output.dims.width) {
            return Err(Fault::Shape);
        }
        let factor = self.ratio(&input, &output)?.factor;
        let cells = i64::try_from(input.dims.height * input.dims.width).map_err(|_| Fault::Large)?;
        let bias = factor.checked_mul(cells).and_then(|all| all.checked_mul(i64::from(input.zero))).ok_or(Fault::Large)?;
        let layer = Mean { dims: input.dims, weight_bits: bits_of(&[factor]), range: output.range(0)? };
        self.layer(Layer::Mean(layer), vec![input.value], vec![factor], vec![-bias])?;
        self.keep(index, output);
        Ok(())
    }

    pub(super) fn average_pool(&mut self, operator: &Operator<'_>) -> Result<(), Fault> {
        let (input, (index, output)) = (self.reads(operator, 0, false)?, self.output(operator)?);
        if operator.byte(5)? != 0 || (input.scale, input.zero) != (output.scale, output.zero) {
            return Err(Fault::Form("a pool that changes the scale or clamps"));
        }
        let kernel = [operator.count(4, 0)?, operator.count(3, 0)?];
        let stride = [operator.count(2, 0)?, operator.count(1, 0)?];
        let window = self.window(&input, operator.byte(0)?, kernel, stride, &output)?;
        if window.has_border() || input.dims.channels != output.dims.channels {
            return Err(Fault::Form("a pool with a border"));
        }
        let layer = AveragePool { channels: input.dims.channels, window };
        self.layer(Layer::AveragePool(layer), vec![input.value], Vec::new(), Vec::new())?;
        self.keep(index, output);
        Ok(())
    }

    pub(super) fn prelu(&mut self, operator: &Operator<'_>) -> Result<(), Fault> {
        let (input, (index, output)) = (self.reads(operator, 0, false)?, self.output(operator)?);
        let channels = input.dims.channels;
        if input.dims != output.dims {
            return Err(Fault::Shape);
        }
        let slopes = self.weights(operator, 1, &[1, 1, channels], 2)?;
        self.allow(3 * channels)?;
        let (mut weights, mut biases) = (Vec::with_capacity(3 * channels), Vec::with_capacity(channels));
        let above = self.ratio(&input, &output)?;
        for c in 0..channels {
            let scale = f64::from(input.scale) * slopes.scale(c) / f64::from(output.scale);
            let below = self.precision.multiplier(scale).ok_or(Fault::Large)?;
            let slope = below.factor * slopes.cell(c);
            // The first of two roundings: away from zero, on either side.
            let first = -below.first_half * slopes.cell(c).signum();
            weights.extend([above.factor - slope, slope, above.first_half - first]);
            biases.push(first - slope * i64::from(input.zero));
        }
        let layer = Prelu { dims: input.dims, zero: input.zero, weight_bits: bits_of(&weights), range: output.range(0)? };
        self.layer(Layer::Prelu(layer), vec![input.value], weights, biases)?;
        self.keep(index, output);
        Ok(())
    }

    /// Zeros around a value, for the operator after it.
    pub(super) fn pad(&mut self, operator: &Operator<'_>) -> Result<(), Fault> {
        let (input, (index, output)) = (self.reads(operator, 0, false)?, self.output(operator)?);
        let sides = self.integers(operator, 1, 8)?;
        let side = |n: &i64| usize::try_from(*n).map_err(|_| Fault::Form("a negative border"));
        let sides = sides.iter().map(side).collect::<Result<Vec<usize>, _>>()?;
        let [0, 0, top, bottom, left, right, 0, 0] = sides[..] else { return Err(Fault::Form("a border around channels")) };
        let padded =
            [(input.dims.height, top, bottom), (input.dims.width, left, right)].map(|(n, a, b)| n.saturating_add(a).saturating_add(b));
        let same = (input.scale, input.zero, input.dims.channels) == (output.scale, output.zero, output.dims.channels);
        if !same || padded != [output.dims.height, output.dims.width] || operator.inputs.len() != 2 {
            return Err(Fault::Shape);
        }
        self.keep(index, Made { border: Some([top, bottom, left, right]), ..input });
        Ok(())
    }

    /// A plane of one cell is its channels, whatever the shape is called.
    pub(super) fn reshape(&mut self, operator: &Operator<'_>) -> Result<(), Fault> {
        let (input, (index, output)) = (self.reads(operator, 0, false)?, self.output(operator)?);
        if (input.scale, input.zero) != (output.scale, output.zero) {
            return Err(Fault::Shape);
        }
        if input.dims != output.dims || input.dims.width * input.dims.height != 1 {
            return Err(Fault::Form("a change of shape of more than one cell a channel"));
        }
        self.keep(index, input);
        Ok(())
    }

    /// At the end only, where it changes no order.
    pub(super) fn softmax(&mut self, operator: &Operator<'_>, end: usize) -> Result<(), Fault> {
        let input = self.reads(operator, 0, false)?;
        let (index, output) = self.output(operator)?;
        if index != end || input.dims != output.dims {
            return Err(Fault::Form("a softmax that is not the end"));
        }
        self.keep(index, input);
        Ok(())
    }
}
