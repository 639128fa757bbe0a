//! What checking a proof takes.

use super::{Form, Operand, Relation};
use zkimg_graph::linear::LinearMap;
use zkimg_graph::tensor::Dims;

/// A committed row is a point in a sum of many.
pub(super) const ROW: usize = 256;
/// So many cells of bytes are summed up in the time of one product.
const BYTES: usize = 8;

impl Relation {
    /// What checking takes, in products of the field or so: every form that the graph became, those of limbs too, public cells and
    /// those of a revealed output as often as they are read, tables by their entries, committed rows.
    pub fn work(&self) -> usize {
        let lookups = self.lookups.iter().flat_map(|lookup| [(lookup.dims, &lookup.key), (lookup.dims, &lookup.value)]);
        let forms = lookups.chain(self.equalities.iter().map(|equality| (equality.dims, &equality.form)));
        let forms = forms.map(|(dims, form)| self.form_work(dims, form));
        let tables = self.tables.iter().map(|table| table.len());
        let rows = self.tensors.iter().map(|tensor| ROW * tensor.rows.len());
        forms.chain(tables).chain(rows).fold(self.graph.work(), usize::saturating_add)
    }

    fn form_work(&self, dims: Dims, form: &Form) -> usize {
        let terms = form.terms.iter().map(|term| term.map.work().saturating_add(self.reading(&term.operand, &term.map)));
        let products = form.products.iter().map(|product| {
            let sides = product.operands.iter().zip(product.contraction.operands());
            let cells = sides.map(|(operand, access)| match operand {
                Operand::Tensor(_) => 0,
                Operand::Output | Operand::Public(_) => access.dims.cells(),
            });
            cells.fold(product.contraction.work(), usize::saturating_add)
        });
        // Weights on the block's lines and columns, for all known cells that the form reads.
        let reads = form.terms.iter().any(|term| !matches!(term.operand, Operand::Tensor(_)));
        let sides = if reads { dims.channels + dims.height + dims.width } else { 0 };
        terms.chain(products).fold(sides, usize::saturating_add)
    }

    /// Known cells are read for each term of a map, and the weights on its lines and columns carried back along every tap.
    fn reading(&self, operand: &Operand, map: &LinearMap) -> usize {
        let bytes = match operand {
            Operand::Tensor(_) => return 0,
            Operand::Output => self.output_bounds.count() <= 1 << 16 && self.output_bounds.low >= 0,
            Operand::Public(cells) => cells.are_narrow(),
        };
        let cells = if bytes { map.input().cells() / BYTES } else { map.input().cells() };
        let mixes = map.terms().iter().map(|term| term.mix.tap_count());
        mixes.fold(map.terms().len().saturating_mul(cells).saturating_add(map.taps()), usize::saturating_add)
    }
}
