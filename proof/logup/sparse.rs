//! Vectors over a power-of-two index space that are constant padding nearly everywhere.

/// The values of sorted, disjoint runs of indices, one run after the other; every other index holds padding.
///
/// Runs start and end at multiples of the alignment they were appended with, so whoever folds neighbours together
/// never meets half a group.
#[derive(Clone, Debug)]
pub(super) struct Sparse<T> {
    runs: Vec<Run>,
    data: Vec<T>,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    start: usize,
    len: usize,
}

impl<T> Default for Sparse<T> {
    fn default() -> Self {
        Sparse { runs: Vec::new(), data: Vec::new() }
    }
}

impl<T: Copy> Sparse<T> {
    /// An empty vector with room for `values`.
    pub(super) fn with_capacity(values: usize) -> Self {
        Sparse { runs: Vec::new(), data: Vec::with_capacity(values) }
    }

    /// The number of stored values.
    pub(super) fn len(&self) -> usize {
        self.data.len()
    }

    /// The runs, ascending: first index and values.
    pub(super) fn runs(&self) -> impl Iterator<Item = (usize, &[T])> {
        let mut rest = self.data.as_slice();
        self.runs.iter().map(move |run| {
            let (values, tail) = rest.split_at(run.len);
            rest = tail;
            (run.start, values)
        })
    }

    /// The value at `index`, if it is stored.
    pub(super) fn get(&self, index: usize) -> Option<T> {
        self.runs().find_map(|(start, values)| values.get(index.checked_sub(start)?).copied())
    }

    /// Appends `values` at `start` and fills up with `pad` to multiples of `align` on both sides.
    ///
    /// `start` may not lie before the end of what was appended already, except for the padding behind it.
    pub(super) fn append(&mut self, start: usize, align: usize, pad: T, values: impl Iterator<Item = T>) {
        let first = start & !(align - 1);
        match self.runs.last() {
            Some(run) if run.start + run.len > first => {
                self.data.truncate(self.data.len() - (run.start + run.len - start));
            }
            Some(run) if run.start + run.len == first => self.pad(start - first, pad),
            _ => {
                self.runs.push(Run { start: first, len: 0 });
                self.pad(start - first, pad);
            }
        }
        let before = self.data.len();
        self.data.extend(values);
        let end = start + (self.data.len() - before);
        self.pad(end.next_multiple_of(align) - end, pad);
        if let Some(run) = self.runs.last_mut() {
            run.len = end.next_multiple_of(align) - run.start;
        }
    }

    fn pad(&mut self, count: usize, pad: T) {
        self.data.extend(std::iter::repeat_n(pad, count));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_aligned_merged_and_never_overlap() {
        let mut sparse = Sparse::default();
        sparse.append(1, 4, 0, [1].into_iter());
        sparse.append(3, 4, 0, [3, 4, 5].into_iter());
        sparse.append(9, 4, 0, [9].into_iter());
        sparse.append(21, 4, 0, [21].into_iter());
        let runs: Vec<_> = sparse.runs().collect();
        assert_eq!(runs, [(0, &[0, 1, 0, 3, 4, 5, 0, 0, 0, 9, 0, 0][..]), (20, &[0, 21, 0, 0][..])]);
        assert_eq!((sparse.get(9), sparse.get(12), sparse.get(21)), (Some(9), None, Some(21)));
    }
}
