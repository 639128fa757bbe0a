//! Files that are none: refused with a sentence, whatever is in them.

use zkimg_graph::tensor::Dims;
use zkimg_network::import::{Fault, ImportError, tflite};
use zkimg_network::layers::{Axis, Depthwise, Layer, Range, Rescale, Window};
use zkimg_network::model::{Architecture, BadNetwork, Placed};
use zkimg_network::quantise::Precision;

const FILE: &[u8] = include_bytes!("../../samples/person_detect/person_detect.tflite");
/// Where the list of operators' kinds says "depthwise convolution".
const DEPTHWISE: usize = 300_515;
/// Where tables, lists and offsets begin; before it are weights.
const TABLES: usize = 222_000;
/// Where the first operator's stride and activation stand, and the input's zero point.
const STRIDE: usize = 222_428;
const ACTIVATION: usize = 222_427;
const ZERO: usize = 222_888;

fn import(file: &[u8]) -> Result<(), ImportError> {
    tflite(file, Precision::Bits24).map(|_| ())
}

fn changed(at: usize, byte: u8) -> Result<(), ImportError> {
    let mut file = FILE.to_vec();
    file[at] = byte;
    import(&file)
}

#[test]
fn an_unknown_operator_is_named_with_its_place() {
    let refused = changed(DEPTHWISE, 17).expect_err("a maximum");
    assert_eq!(refused, ImportError::Operator { number: 1, name: "MAX_POOL_2D", at: 222_380, fault: Fault::Unknown });
    assert_eq!(refused.to_string(), "operator 1 (MAX_POOL_2D, byte 222380): not supported");
}

#[test]
fn other_forms_of_known_operators_are_refused() {
    let fault = |result| match result {
        Err(ImportError::Operator { number: 1, fault, .. }) => fault,
        other => panic!("{other:?}"),
    };
    assert_eq!(fault(changed(STRIDE, 0)), Fault::Form("a window or stride of this size"));
    assert_eq!(fault(changed(STRIDE, 1)), Fault::Shape);
    assert_eq!(fault(changed(STRIDE + 3, 0x80)), Fault::Form("a negative count"));
    assert_eq!(fault(changed(ACTIVATION, 4)), Fault::Form("an activation other than ReLU and ReLU6"));
    assert!(matches!(changed(ZERO + 4 + 3, 1), Err(ImportError::Count { .. })), "a zero point beyond int8");
}

#[test]
fn no_file_makes_it_panic() {
    assert!(import(b"").is_err() && import(b"0123TFL3").is_err() && import(&[0xff; 64]).is_err());
    // The last four bytes are padding.
    for length in (0..FILE.len()).step_by(4001).chain(FILE.len() - 64..FILE.len() - 4) {
        assert!(import(&FILE[..length]).is_err(), "{length} bytes");
    }
    // Every field of every table is an offset, a count or a number somewhere in here.
    let mut file = FILE.to_vec();
    let mut state = 1u64;
    for _ in 0..4000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let at = TABLES + (state >> 33) as usize % (FILE.len() - TABLES);
        let byte = [0, 1, 0x7f, 0x80, 0xff, (state >> 20) as u8][(state >> 28) as usize % 6];
        let before = std::mem::replace(&mut file[at], byte);
        if let Err(refused) = import(&file) {
            assert!(!refused.to_string().is_empty());
        }
        // Most changes are taken back, so that the rest of the file is still read.
        if state >> 60 != 0 {
            file[at] = before;
        }
        if state >> 57 == 0 {
            file = FILE.to_vec();
        }
    }
}

#[test]
fn a_scale_so_small_that_six_is_beyond_every_integer_is_no_fault_of_ours() {
    // The scale of the last activation but one.
    let mut file = FILE.to_vec();
    file[263_988..263_992].copy_from_slice(&1e-30f32.to_le_bytes());
    // Whatever it says, it says it.
    let _ = import(&file);
}

#[test]
fn a_window_as_large_as_its_plane_is_refused_before_it_is_computed() {
    let n = 256;
    let axis = Axis::same(n, n, 1);
    let layer = Depthwise { channels: 1, window: Window { y: axis, x: axis }, zero: 0, weight_bits: 4, range: Range::all(0) };
    let placed = vec![Placed { layer: Layer::Depthwise(layer), reads: vec![0] }];
    let dims = Dims::new(1, n, n).expect("dims");
    let graph = Architecture::new(dims, placed, Precision::Bits24, 10).map(|architecture| architecture.graph(false));
    assert!(!matches!(graph, Ok(Ok(_))), "2^32 cells in memory");
}

#[test]
fn shapes_that_do_not_exist_are_refused() {
    let dims = Dims { channels: 1 << 40, height: 1 << 40, width: 1 };
    let layer = Layer::Rescale(Rescale { dims, weight_bits: 8, range: Range::all(0) });
    let made = Architecture::new(dims, vec![Placed { layer, reads: vec![0] }], Precision::Bits24, 10);
    assert!(matches!(made, Err(BadNetwork::Shape(_))));
}
