//! TFLite's tables, as far as they are read. Field numbers are those of `schema.fbs`, version 3.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::error::{Fault, ImportError};
use super::flat::{Damage, File, Table};

/// The most tensors, operators, buffers and kinds of operators of a file.
const MAX_LIST: usize = 1 << 12;
/// The most axes of a tensor.
const MAX_RANK: usize = 4;
/// The most inputs and outputs of an operator.
const MAX_ENDS: usize = 16;

/// Types of a tensor's cells.
pub(super) const INT32: i8 = 2;
pub(super) const INT8: i8 = 9;

/// A file's one graph.
pub(super) struct Graph<'a> {
    pub(super) tensors: Vec<Tensor<'a>>,
    pub(super) operators: Vec<Operator<'a>>,
    pub(super) inputs: Vec<usize>,
    pub(super) outputs: Vec<usize>,
}

/// A tensor.
#[derive(Clone)]
pub(super) struct Tensor<'a> {
    pub(super) shape: Vec<usize>,
    pub(super) kind: i8,
    /// Constant data; none if an operator makes them.
    pub(super) data: &'a [u8],
    quantisation: Option<Table<'a>>,
}

/// How a tensor's integers stand for real numbers: `scale·(integer − zero)`.
pub(super) struct Quantisation {
    /// One, or one a channel.
    pub(super) scales: Vec<f32>,
    /// As many, or none where all are zero.
    pub(super) zeros: Vec<i64>,
    /// The axis of the channels.
    pub(super) axis: usize,
}

/// An operator.
pub(super) struct Operator<'a> {
    pub(super) code: i32,
    /// Where it stands in the file.
    pub(super) at: usize,
    /// None where the schema has −1: left out.
    pub(super) inputs: Vec<Option<usize>>,
    pub(super) outputs: Vec<Option<usize>>,
    options: Option<Table<'a>>,
}

impl<'a> Graph<'a> {
    pub(super) fn read(file: &'a [u8]) -> Result<Graph<'a>, ImportError> {
        let model = File::root(file, b"TFL3")?;
        let codes = model.tables(1, MAX_LIST)?;
        let graphs = model.tables(2, MAX_LIST)?;
        let buffers = model.tables(4, MAX_LIST)?;
        let [graph] = &graphs[..] else { return Err(ImportError::Count { what: "graphs", count: graphs.len() }) };
        let tensors = graph.tables(0, MAX_LIST)?.iter().map(|table| Tensor::read(table, &buffers)).collect::<Result<Vec<_>, _>>()?;
        let codes = codes.iter().map(builtin).collect::<Result<Vec<_>, _>>()?;
        let operators = graph.tables(3, MAX_LIST)?.iter().map(|table| Operator::read(table, &codes)).collect::<Result<_, _>>()?;
        let ends = |field| -> Result<Vec<usize>, Damage> {
            let index = |i: i32| usize::try_from(i).map_err(|_| Damage { at: graph.at(), what: "an input or output is no tensor" });
            graph.numbers(field, MAX_ENDS)?.into_iter().map(index).collect()
        };
        Ok(Graph { operators, inputs: ends(1)?, outputs: ends(2)?, tensors })
    }
}

/// An operator's code: newer files have it in a wider field.
fn builtin(table: &Table<'_>) -> Result<i32, Damage> {
    Ok(i32::from(table.number::<i8>(0, 0)?).max(table.number(3, 0)?))
}

impl<'a> Tensor<'a> {
    fn read(table: &Table<'a>, buffers: &[Table<'a>]) -> Result<Tensor<'a>, Damage> {
        let bad = |what| Damage { at: table.at(), what };
        let side = |n: i32| usize::try_from(n).map_err(|_| bad("a tensor has a negative side"));
        let shape = table.numbers(0, MAX_RANK)?.into_iter().map(side).collect::<Result<_, _>>()?;
        let buffer = table.number::<u32>(2, 0)? as usize;
        let data = buffers.get(buffer).ok_or(bad("a tensor's buffer does not exist"))?.bytes(0)?;
        Ok(Tensor { shape, kind: table.number(1, 0)?, data, quantisation: table.table(4)? })
    }

    /// Its scales, of at most so many channels. Read when they are needed: many tensors may say that theirs are in one place.
    pub(super) fn quantisation(&self, channels: usize) -> Result<Quantisation, Damage> {
        let Some(table) = &self.quantisation else { return Ok(Quantisation { scales: Vec::new(), zeros: Vec::new(), axis: 0 }) };
        let axis = usize::try_from(table.number::<i32>(6, 0)?);
        let axis = axis.map_err(|_| Damage { at: table.at(), what: "a tensor is quantised along no axis" })?;
        Ok(Quantisation { scales: table.numbers(2, channels)?, zeros: table.numbers(3, channels)?, axis })
    }
}

impl<'a> Operator<'a> {
    fn read(table: &Table<'a>, codes: &[i32]) -> Result<Operator<'a>, Damage> {
        let code = table.number::<u32>(0, 0)? as usize;
        let code = codes.get(code).ok_or(Damage { at: table.at(), what: "an operator is of no kind" })?;
        let indices = |field| -> Result<Vec<Option<usize>>, Damage> {
            Ok(table.numbers::<i32>(field, MAX_ENDS)?.into_iter().map(|i| usize::try_from(i).ok()).collect())
        };
        Ok(Operator { code: *code, at: table.at(), inputs: indices(1)?, outputs: indices(2)?, options: table.table(4)? })
    }

    /// A byte among its options, zero if it is missing.
    pub(super) fn byte(&self, field: usize) -> Result<i8, Fault> {
        Ok(self.options.as_ref().map_or(Ok(0), |options| options.number(field, 0))?)
    }

    /// A count among its options.
    pub(super) fn count(&self, field: usize, default: i32) -> Result<usize, Fault> {
        let count = self.options.as_ref().map_or(Ok(default), |options| options.number(field, default))?;
        usize::try_from(count).map_err(|_| Fault::Form("a negative count"))
    }

    /// TFLite's name.
    pub(super) fn name(&self) -> &'static str {
        usize::try_from(self.code).ok().and_then(|code| NAMES.get(code)).copied().unwrap_or("an operator without a name here")
    }
}

/// `BuiltinOperator`, by number; those above are named nowhere here.
const NAMES: [&str; 128] = [
    "ADD",
    "AVERAGE_POOL_2D",
    "CONCATENATION",
    "CONV_2D",
    "DEPTHWISE_CONV_2D",
    "DEPTH_TO_SPACE",
    "DEQUANTIZE",
    "EMBEDDING_LOOKUP",
    "FLOOR",
    "FULLY_CONNECTED",
    "HASHTABLE_LOOKUP",
    "L2_NORMALIZATION",
    "L2_POOL_2D",
    "LOCAL_RESPONSE_NORMALIZATION",
    "LOGISTIC",
    "LSH_PROJECTION",
    "LSTM",
    "MAX_POOL_2D",
    "MUL",
    "RELU",
    "RELU_N1_TO_1",
    "RELU6",
    "RESHAPE",
    "RESIZE_BILINEAR",
    "RNN",
    "SOFTMAX",
    "SPACE_TO_DEPTH",
    "SVDF",
    "TANH",
    "CONCAT_EMBEDDINGS",
    "SKIP_GRAM",
    "CALL",
    "CUSTOM",
    "EMBEDDING_LOOKUP_SPARSE",
    "PAD",
    "UNIDIRECTIONAL_SEQUENCE_RNN",
    "GATHER",
    "BATCH_TO_SPACE_ND",
    "SPACE_TO_BATCH_ND",
    "TRANSPOSE",
    "MEAN",
    "SUB",
    "DIV",
    "SQUEEZE",
    "UNIDIRECTIONAL_SEQUENCE_LSTM",
    "STRIDED_SLICE",
    "BIDIRECTIONAL_SEQUENCE_RNN",
    "EXP",
    "TOPK_V2",
    "SPLIT",
    "LOG_SOFTMAX",
    "DELEGATE",
    "BIDIRECTIONAL_SEQUENCE_LSTM",
    "CAST",
    "PRELU",
    "MAXIMUM",
    "ARG_MAX",
    "MINIMUM",
    "LESS",
    "NEG",
    "PADV2",
    "GREATER",
    "GREATER_EQUAL",
    "LESS_EQUAL",
    "SELECT",
    "SLICE",
    "SIN",
    "TRANSPOSE_CONV",
    "SPARSE_TO_DENSE",
    "TILE",
    "EXPAND_DIMS",
    "EQUAL",
    "NOT_EQUAL",
    "LOG",
    "SUM",
    "SQRT",
    "RSQRT",
    "SHAPE",
    "POW",
    "ARG_MIN",
    "FAKE_QUANT",
    "REDUCE_PROD",
    "REDUCE_MAX",
    "PACK",
    "LOGICAL_OR",
    "ONE_HOT",
    "LOGICAL_AND",
    "LOGICAL_NOT",
    "UNPACK",
    "REDUCE_MIN",
    "FLOOR_DIV",
    "REDUCE_ANY",
    "SQUARE",
    "ZEROS_LIKE",
    "FILL",
    "FLOOR_MOD",
    "RANGE",
    "RESIZE_NEAREST_NEIGHBOR",
    "LEAKY_RELU",
    "SQUARED_DIFFERENCE",
    "MIRROR_PAD",
    "ABS",
    "SPLIT_V",
    "UNIQUE",
    "CEIL",
    "REVERSE_V2",
    "ADD_N",
    "GATHER_ND",
    "COS",
    "WHERE",
    "RANK",
    "ELU",
    "REVERSE_SEQUENCE",
    "MATRIX_DIAG",
    "QUANTIZE",
    "MATRIX_SET_DIAG",
    "ROUND",
    "HARD_SWISH",
    "IF",
    "WHILE",
    "NON_MAX_SUPPRESSION_V4",
    "NON_MAX_SUPPRESSION_V5",
    "SCATTER_ND",
    "SELECT_V2",
    "DENSIFY",
    "SEGMENT_SUM",
    "BATCH_MATMUL",
    "PLACEHOLDER_FOR_GREATER_OP_CODES",
];
