//! JPEG files of one grey tone, segment by segment: the decoder sees as many blocks as it is told to.

/// A segment with its marker.
pub(crate) fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    [&[0xff, marker][..], &(body.len() as u16 + 2).to_be_bytes(), body].concat()
}

/// Everything up to the first scan; `frame` is 0xc0 for baseline and 0xc2 for progressive.
fn start(frame: u8, width: usize, height: usize) -> Vec<u8> {
    let sides = [(height as u16).to_be_bytes(), (width as u16).to_be_bytes()].concat();
    let quantities = segment(0xdb, &[vec![0], vec![1; 64]].concat());
    let header = segment(frame, &[&[8], &sides[..], &[1, 1, 0x11, 0]].concat());
    [vec![0xff, 0xd8], quantities, header].concat()
}

/// A table of codes: one of one bit for `symbol`, and one of two bits that nothing uses.
fn codes(class: u8, symbol: u8) -> Vec<u8> {
    let mut lengths = [0; 16];
    (lengths[0], lengths[1]) = (1, 1);
    segment(0xc4, &[&[class << 4], &lengths[..], &[symbol, symbol ^ 1]].concat())
}

fn scan(from: u8, to: u8, approximation: u8, data: &[u8]) -> Vec<u8> {
    [segment(0xda, &[1, 1, 0, from, to, approximation]), data.to_vec()].concat()
}

fn blocks(width: usize, height: usize) -> usize {
    width.div_ceil(8) * height.div_ceil(8)
}

/// A baseline file: two bits a block. `extra` goes before the scan.
pub(crate) fn baseline(width: usize, height: usize, extra: &[u8]) -> Vec<u8> {
    let data = vec![0; (2 * blocks(width, height)).div_ceil(8)];
    [start(0xc0, width, height), codes(0, 0), codes(1, 0), extra.to_vec(), scan(0, 63, 0, &data), vec![0xff, 0xd9]].concat()
}

/// A baseline file with a restart marker behind every block.
pub(crate) fn restarting(width: usize, height: usize) -> Vec<u8> {
    let data: Vec<u8> = (0..blocks(width, height)).flat_map(|i| [0x3f, 0xff, 0xd0 + (i % 8) as u8]).collect();
    let data = &data[..data.len() - 2];
    let interval = segment(0xdd, &[0, 1]);
    [start(0xc0, width, height), codes(0, 0), codes(1, 0), interval, scan(0, 63, 0, data), vec![0xff, 0xd9]].concat()
}

/// A progressive file of so many scans, all but the first of which refine coefficients that are all zero: a few bytes for 32767 blocks.
pub(crate) fn progressive(width: usize, height: usize, scans: usize) -> Vec<u8> {
    let mut file = [start(0xc2, width, height), codes(0, 0), codes(1, 0xe0)].concat();
    file.extend(scan(0, 0, 0, &vec![0; blocks(width, height).div_ceil(8)]));
    // A run of 2^14 + 16383 blocks: the code's bit, then 14 bits of ones.
    let runs = blocks(width, height).div_ceil(32767);
    let mut bits = Vec::new();
    (0..runs).for_each(|_| bits.extend([[0].as_slice(), &[1; 14]].concat()));
    bits.resize(bits.len().next_multiple_of(8), 0);
    let mut data = Vec::new();
    for eight in bits.chunks(8) {
        let byte = eight.iter().fold(0, |byte, bit| byte << 1 | bit);
        data.push(byte);
        if byte == 0xff {
            data.push(0);
        }
    }
    (1..scans).for_each(|_| file.extend(scan(1, 63, 0x10, &data)));
    file.extend([0xff, 0xd9]);
    file
}
