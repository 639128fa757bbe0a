//! Vectors over a power-of-two index space that are constant padding nearly everywhere.

use zeroize::{Zeroize, Zeroizing};

/// The values of sorted, disjoint runs of indices, one run after the other; every other index holds padding.
///
/// What is stored is secret and wiped when it is forgotten. Runs start and end at multiples of the alignment they were appended with, so whoever folds neighbours together
/// never meets half a group.
#[derive(Clone, Debug)]
pub(super) struct Sparse<T: Zeroize> {
    runs: Vec<Run>,
    data: Zeroizing<Vec<T>>,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    start: usize,
    len: usize,
}

impl<T: Zeroize> Default for Sparse<T> {
    fn default() -> Self {
        Sparse { runs: Vec::new(), data: Zeroizing::default() }
    }
}

impl<T: Copy + Zeroize> Sparse<T> {
    /// An empty vector with room for `values`.
    pub(super) fn with_capacity(values: usize) -> Self {
        Sparse { runs: Vec::new(), data: Zeroizing::new(Vec::with_capacity(values)) }
    }

    /// Forgets all values but not the memory, and makes room for `values`.
    pub(super) fn restart(&mut self, values: usize) {
        self.runs.clear();
        self.data.clear();
        if self.data.capacity() < values {
            // Free the old memory first, and copy nothing.
            self.data = Zeroizing::default();
            self.data.reserve_exact(values);
        }
    }

    /// How many values a pass stores that makes one of `many`, appended with `align`.
    pub(super) fn fewer(&self, many: usize, align: usize) -> usize {
        room(self.runs.iter().map(|run| (run.start, run.len)), many, align)
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

    /// Appends `count` values at `start` and fills up with `pad` to multiples of `align` on both sides.
    ///
    /// `start` may not lie before the end of what was appended already, except for the padding behind it.
    #[inline(always)]
    pub(super) fn append(&mut self, start: usize, align: usize, pad: T, count: usize, value: impl Fn(usize) -> T) {
        self.open(start, align, pad);
        self.data.reserve(count);
        for i in 0..count {
            self.data.push(value(i));
        }
        self.close(start + count, align, pad);
    }

    /// Begins to append at `start`.
    fn open(&mut self, start: usize, align: usize, pad: T) {
        let first = start & !(align - 1);
        match self.runs.last() {
            Some(run) if run.start + run.len > first => {
                let kept = self.data.len() - (run.start + run.len - start);
                self.data.truncate(kept);
            }
            Some(run) if run.start + run.len == first => self.pad(start - first, pad),
            _ => {
                self.runs.push(Run { start: first, len: 0 });
                self.pad(start - first, pad);
            }
        }
    }

    /// Ends what was appended before `end`.
    fn close(&mut self, end: usize, align: usize, pad: T) {
        self.pad(end.next_multiple_of(align) - end, pad);
        if let Some(run) = self.runs.last_mut() {
            run.len = end.next_multiple_of(align) - run.start;
        }
    }

    fn end(&self) -> usize {
        self.runs.last().map_or(0, |run| run.start + run.len)
    }

    /// The value at `index`, which is `pad` if it was not stored; indices come in order.
    pub(super) fn place(&mut self, index: usize, align: usize, pad: T) -> &mut T {
        if self.end() <= index {
            self.append(index, align, pad, 1, |_| pad);
        }
        let at = self.data.len() - (self.end() - index);
        &mut self.data[at]
    }

    /// Replaces neighbours by `fold` of them, in place; all runs are aligned to 2, and then to `align` (1 or 2). One value alone is
    /// all there is, and its neighbour `pad`.
    #[inline(always)]
    pub(super) fn fold(&mut self, align: usize, pad: T, fold: impl Fn(&T, &T) -> T) {
        // A run never grows, so no value is overwritten before it was read: 2 values become 1 and padding on one side,
        // 4 become 2 and padding on none or both.
        let (mut read, mut write, mut kept) = (0, 0, 0);
        for i in 0..self.runs.len() {
            let Run { start, len } = self.runs[i];
            let (from, to) = (start / 2, start / 2 + len.div_ceil(2));
            let first = from & !(align - 1);
            let begin = write;
            for j in 0..len.div_ceil(2) {
                let high = if 2 * j + 1 < len { &self.data[read + 1] } else { &pad };
                let value = fold(&self.data[read], high);
                if j == 0 && from > first {
                    self.data[write] = pad;
                    write += 1;
                }
                self.data[write] = value;
                (read, write) = (read + 2, write + 1);
            }
            if to % align > 0 {
                self.data[write] = pad;
                write += 1;
            }
            match kept {
                1.. if self.runs[kept - 1].start + self.runs[kept - 1].len == first => {
                    self.runs[kept - 1].len += write - begin;
                }
                _ => {
                    self.runs[kept] = Run { start: first, len: write - begin };
                    kept += 1;
                }
            }
        }
        self.data.truncate(write);
        self.runs.truncate(kept);
    }

    fn pad(&mut self, count: usize, pad: T) {
        self.data.extend(std::iter::repeat_n(pad, count));
    }
}

/// Room for one value of `many` over ascending ranges, first index and length, appended with `align`.
pub(super) fn room(ranges: impl Iterator<Item = (usize, usize)>, many: usize, align: usize) -> usize {
    let mut room = 0;
    let mut end = 0;
    for (start, len) in ranges {
        let to = (start + len).div_ceil(many).next_multiple_of(align);
        room += to - ((start / many) & !(align - 1)).max(end).min(to);
        end = to;
    }
    room
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_aligned_merged_and_never_overlap() {
        let mut sparse = Sparse::default();
        sparse.append(1, 4, 0, 1, |_| 1);
        sparse.append(3, 4, 0, 3, |i| 3 + i);
        *sparse.place(9, 4, 0) = 9;
        *sparse.place(21, 4, 0) = 20;
        *sparse.place(22, 4, 0) = 22;
        *sparse.place(21, 4, 0) = 21;
        let runs: Vec<_> = sparse.runs().collect();
        assert_eq!(runs, [(0, &[0, 1, 0, 3, 4, 5, 0, 0, 0, 9, 0, 0][..]), (20, &[0, 21, 22, 0][..])]);
        assert_eq!((sparse.get(9), sparse.get(12), sparse.get(21)), (Some(9), None, Some(21)));
    }

    #[test]
    fn folding_in_place_keeps_every_sum() {
        let mut sparse = Sparse::default();
        let mut dense = vec![0; 64];
        for (start, len) in [(2, 2), (6, 4), (14, 2), (20, 6), (28, 2), (32, 8), (46, 2), (60, 4)] {
            dense[start..start + len].fill(start);
            sparse.append(start, 2, 0, len, |_| start);
        }
        for align in [2, 2, 2, 2, 2, 1] {
            sparse.fold(align, 0, |a, b| a + b);
            dense = dense.chunks_exact(2).map(|pair| pair[0] + pair[1]).collect();
            let read: Vec<_> = (0..dense.len()).map(|i| sparse.get(i).unwrap_or(0)).collect();
            assert_eq!(read, dense);
            assert!(sparse.runs().all(|(start, values)| start % align == 0 && values.len() % align == 0));
        }
    }
}
