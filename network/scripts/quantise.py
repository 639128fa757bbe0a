"""Quantises the two face networks that `fetch.py` fetched to int8 TensorFlow Lite, so that `zkimg model import` reads them.

    python quantise.py FOLDER faceres [SIDE]         FOLDER/faceres_SIDE.tflite, SIDE 224 unless given
    python quantise.py FOLDER mobilefacenet          FOLDER/mobilefacenet_112.tflite

Needs tensorflow-cpu, numpy, pillow, and ai-edge-litert and tflite for the second. Both files read the bytes of an RGB picture as they are: byte b stands for
the int8 b - 128. What a network wants besides, another order of colours and their means, is put into its first convolution. At a border it
sees a grey of 120 in place of the mean of each colour, which is at most 17 from it.
"""
import base64
import itertools
import json
import os
import pathlib
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
from PIL import Image

CALIBRATION = 80


def faces(folder, side):
    """Faces as `reference.py` cuts them, moved and resized a little, every second one seen in a mirror."""
    from reference import EYES

    random = np.random.default_rng(0)
    for i in range(CALIBRATION):
        file, _, x, y, edge = EYES[i % len(EYES)]
        picture = Image.open(folder / file).convert("RGB")
        scaled = edge * random.uniform(0.85, 1.2)
        x, y = x + (edge - scaled) / 2 + edge * random.uniform(-0.08, 0.08), y + (edge - scaled) / 2 + edge * random.uniform(-0.08, 0.08)
        square = np.array(picture.crop((round(x), round(y), round(x + scaled), round(y + scaled))).resize((side, side), Image.BILINEAR))
        square = (square[:, ::-1] if i % 2 else square).astype(np.float32)
        # The ends of the range in two corners, so that a byte is one step of the scale: pictures that are all of one make later ranges
        # wider than any face does.
        square[0, 0], square[-1, -1] = 0, 255
        yield square


def crops(folder, side):
    """Random squares of all the pictures, after the ends of the range, so that a byte is one step of the scale."""
    for byte in (0, 255):
        yield np.full((side, side, 3), byte, np.float32)
    pictures = [np.array(Image.open(file).convert("RGB")) for file in sorted(folder.iterdir()) if file.suffix in (".png", ".jpg")]
    random = np.random.default_rng(0)
    for i in range(CALIBRATION):
        picture = pictures[i % len(pictures)]
        height, width = picture.shape[:2]
        edge = int(min(height, width) * random.uniform(0.35, 1))
        y, x = random.integers(0, height - edge + 1), random.integers(0, width - edge + 1)
        square = Image.fromarray(picture[y:y + edge, x:x + edge]).resize((side, side), Image.BILINEAR)
        yield np.array(square).astype(np.float32)


def quantise(net, pictures, side, zero, span, out):
    """`net` reads real numbers (byte - zero) * span; its ranges are those of the pictures."""
    function = tf.function(net, autograph=False).get_concrete_function(tf.TensorSpec([1, side, side, 3], tf.float32))
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]

    def representative():
        for square in pictures:
            yield [((square - zero) * span)[None]]

    converter.representative_dataset = representative
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    file = converter.convert()
    interpreter = tf.lite.Interpreter(model_content=file)
    found = interpreter.get_input_details()[0]["quantization"]
    expected = (span, zero - 128)
    if not np.allclose(found, expected, rtol=1e-4):
        sys.exit(f"the input has scale and zero {found}, where {expected} is expected")
    out.write_bytes(file)
    print(f"{out.name}: {len(file)} bytes")


def faceres(folder, side):
    """MobileNetV1 1.0 up to its pooled 1024 channels, from TensorFlow.js."""
    graph = json.loads((folder / "faceres.json").read_text())
    raw = (folder / "faceres.bin").read_bytes()
    weights, at = {}, 0
    for entry in (entry for group in graph["weightsManifest"] for entry in group["weights"]):
        stored = entry.get("quantization", entry)["dtype"]
        kind = {"float16": np.float16, "float32": np.float32, "int32": np.int32}[stored]
        count = int(np.prod(entry["shape"]))
        cells = np.frombuffer(raw, kind, count, at).reshape(entry["shape"])
        at += cells.nbytes
        weights[entry["name"]] = cells.astype(np.float32) if entry["dtype"] == "float32" else cells
    nodes = {node["name"]: node for node in graph["modelTopology"]["node"]}
    zero, means = 120.0, np.array([103.939, 116.779, 123.68], np.float32)

    def windows(attributes):
        return [int(n) for n in attributes["strides"]["list"]["i"]], base64.b64decode(attributes["padding"]["s"]).decode()

    def net(picture):
        made = {}

        def value(name):
            name = name.split(":")[0].lstrip("^")
            if name not in made:
                made[name] = compute(nodes[name])
            return made[name]

        def compute(node):
            op, attributes = node["op"], node["attr"]
            if op == "Placeholder":
                return picture
            if op == "Const":
                return tf.constant(weights[node["name"]])
            inputs = [value(name) for name in node["input"]]
            if op == "Conv2D":
                strides, padding = windows(attributes)
                if inputs[0] is not picture:
                    return tf.nn.conv2d(inputs[0], inputs[1], strides, padding)
                # BGR less its means, of RGB less 120.
                kernel = weights[node["input"][1].split(":")[0]]
                moved = (kernel * (zero - means)[None, None, :, None]).sum((0, 1, 2))
                return tf.nn.conv2d(picture, kernel[:, :, ::-1], strides, padding) + moved
            if op == "DepthwiseConv2dNative":
                return tf.nn.depthwise_conv2d(inputs[0], inputs[1], *windows(attributes))
            plain = {"Add": tf.add, "AddV2": tf.add, "Mul": tf.multiply, "Relu": tf.nn.relu, "Minimum": tf.minimum, "Maximum": tf.maximum}
            if op in plain:
                return plain[op](*inputs)
            if op == "Mean":
                return tf.reduce_mean(inputs[0], [1, 2])
            sys.exit(f"an operator {op} that this script does not know")

        return value("global_pooling/Mean")

    quantise(net, crops(folder, side), side, zero, 1.0, folder / f"faceres_{side}.tflite")


def mobilefacenet(folder):
    """MobileFaceNet from float TensorFlow Lite, its PReLU spelt as RELU, ABS, SUB, MUL and ADD."""
    import tflite

    side = 112
    model = tflite.Model.GetRootAsModel((folder / "MobileFaceNet.tflite").read_bytes(), 0)
    graph = model.Subgraphs(0)
    names = {code: name for name, code in vars(tflite.BuiltinOperator).items() if isinstance(code, int)}

    def constant(index):
        tensor = graph.Tensors(index)
        content = model.Buffers(tensor.Buffer()).DataAsNumpy()
        if isinstance(content, int):
            return None
        kind = {0: np.float32, 1: np.float16, 2: np.int32}[tensor.Type()]
        return np.frombuffer(content.tobytes(), kind).reshape(tensor.ShapeAsNumpy() if tensor.ShapeLength() else ())

    def options(operator, name):
        table = operator.BuiltinOptions()
        found = getattr(tflite, name)()
        found.Init(table.Bytes, table.Pos)
        return found

    def act(x, code):
        return {0: lambda x: x, 1: tf.nn.relu, 3: tf.nn.relu6}[code](x)

    def code_of(operator):
        code = model.OperatorCodes(operator.OpcodeIndex())
        return names[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]

    operators = [graph.Operators(i) for i in range(graph.OperatorsLength())]
    maker = {operator.Outputs(0): operator for operator in operators}

    def reads(index, op):
        """What the operator reads that makes a tensor, if it is of this kind."""
        operator = maker.get(index)
        return list(operator.InputsAsNumpy()) if operator is not None and code_of(operator) == op else None

    def prelu(operator):
        """x and the slopes, if an ADD is the end of RELU(x) + (x - |x|)*c: below zero that is 2*c*x."""
        if code_of(operator) != "ADD":
            return None
        for one, two in itertools.permutations(operator.InputsAsNumpy(), 2):
            above, below = reads(one, "RELU"), reads(two, "MUL")
            if above is None or below is None:
                continue
            for difference, factor in itertools.permutations(below, 2):
                c, sides = constant(factor), reads(difference, "SUB")
                if c is not None and sides is not None and sides[0] == above[0] and reads(sides[1], "ABS") == above:
                    return above[0], 2 * c
        return None

    convolutions = ("CONV_2D", "DEPTHWISE_CONV_2D")
    # What a channel is divided by, which changes nothing but quantisation: whatever reads it has it in its weights.
    divided = {}

    def tied():
        """Groups of tensors whose channels keep their proportions: on both sides of a PReLU, and around a sum."""
        group = {}
        inside = {}
        for operator in operators:
            out, found = operator.Outputs(0), prelu(operator)
            if code_of(operator) in convolutions:
                group[out] = {out}
            elif found is not None:
                inside[found[0]] = out
                group[out] = group.get(found[0], set())
                group[out].add(out)
            elif code_of(operator) == "ADD" and all(index in group for index in operator.InputsAsNumpy()):
                one, two = (group[index] for index in operator.InputsAsNumpy())
                both = one | two | {out}
                group.update((index, both) for index in both)
        return {id(indices): indices for indices in group.values()}.values(), inside

    def equalise(pictures):
        """Brings the channels nearer to one range (Nagel et al., 2019)."""
        greatest = {}
        for picture in pictures:
            for index, value in everything(tf.constant(picture)).items():
                if len(value.shape) == 4:
                    greatest[index] = np.maximum(greatest.get(index, 0), np.abs(value.numpy()).max((0, 1, 2)))
        groups, inside = tied()
        for indices in groups:
            readers = [operator for operator in operators if indices & set(operator.InputsAsNumpy())]
            # What a PReLU is spelt with reads its input, and its own end counts.
            spelt = {index for index in indices if index in inside}
            others = [operator for operator in readers if not spelt & set(operator.InputsAsNumpy()) and operator.Outputs(0) not in indices]
            if not others or any(code_of(operator) not in convolutions for operator in others):
                continue
            ranges = np.maximum(np.max([greatest[index] for index in indices], 0), 1e-3)
            # The next layers' weights have one scale for all channels that an output reads, or one for each that is read alone. Of what
            # is shared, activations get the larger half.
            shared = [operator.InputsAsNumpy()[1] for operator in others if code_of(operator) == "CONV_2D"]
            weights = [np.abs(constant(index)).max((0, 1, 2)) for index in shared]
            factors = ranges**0.65 / np.maximum(np.max(weights, 0), 1e-6)**0.35 if weights else ranges
            divided.update((index, (factors / factors.mean()).astype(np.float32)) for index in indices)

    def net(picture):
        return everything(picture)[graph.Outputs(0)]

    def everything(picture):
        batch = graph.Tensors(graph.Inputs(0)).ShapeAsNumpy()[0]
        made = {graph.Inputs(0): picture}

        def value(index):
            return made[index] if index in made else tf.constant(constant(index))

        for i, operator in enumerate(operators):
            op = code_of(operator)
            inputs = list(operator.InputsAsNumpy())
            x = [None if index < 0 else value(index) for index in inputs]
            found = prelu(operator)
            if found is not None:
                # The form that the converter knows as one PRELU.
                whole, slopes = value(found[0]), found[1].reshape(1, 1, -1)
                y = tf.nn.relu(whole) + (-slopes) * tf.nn.relu(-whole)
            elif op in ("CONV_2D", "DEPTHWISE_CONV_2D"):
                depthwise = op.startswith("DEPTHWISE")
                opt = options(operator, "DepthwiseConv2DOptions" if depthwise else "Conv2DOptions")
                strides, padding = [1, opt.StrideH(), opt.StrideW(), 1], ["SAME", "VALID"][opt.Padding()]
                # TensorFlow Lite has the channels written first, or last where each is its own.
                kernel, bias = tf.transpose(x[1], [1, 2, 3, 0]), 0.0 if len(x) < 3 or x[2] is None else x[2]
                before, behind = divided.get(inputs[0], np.float32(1)), divided.get(operator.Outputs(0), np.float32(1))
                kernel = kernel * np.reshape(before, (-1, 1)) / (np.reshape(behind, (-1, 1)) if depthwise else behind)
                y = tf.nn.depthwise_conv2d(x[0], kernel, strides, padding) if depthwise else tf.nn.conv2d(x[0], kernel, strides, padding)
                y = act(y + bias / behind, opt.FusedActivationFunction())
            elif op == "FULLY_CONNECTED":
                opt = options(operator, "FullyConnectedOptions")
                y = tf.matmul(tf.reshape(x[0], [1, -1]), x[1], transpose_b=True)
                y = act(y if len(x) < 3 or x[2] is None else y + x[2], opt.FusedActivationFunction())
            elif op in ("ADD", "SUB", "MUL"):
                plain = {"ADD": tf.add, "SUB": tf.subtract, "MUL": tf.multiply}[op]
                y = act(plain(*x), options(operator, op.capitalize() + "Options").FusedActivationFunction())
            elif op in ("RELU", "RELU6", "ABS"):
                y = {"RELU": tf.nn.relu, "RELU6": tf.nn.relu6, "ABS": tf.abs}[op](x[0])
            elif op in ("RESHAPE", "SQUEEZE"):
                shape = graph.Tensors(operator.Outputs(0)).ShapeAsNumpy()
                y = tf.reshape(x[0], [max(1, n // batch) if k == 0 else n for k, n in enumerate(shape)])
            elif op == "L2_NORMALIZATION" or i + 1 == len(operators):
                # A length changes no cosine.
                y = x[0]
            else:
                sys.exit(f"an operator {op} that this script does not know")
            made[operator.Outputs(0)] = y
        return made

    equalise([((square - 128.0) / 128)[None] for square in faces(folder, side)])
    quantise(net, faces(folder, side), side, 128.0, 1 / 128, folder / "mobilefacenet_112.tflite")


if __name__ == "__main__":
    match sys.argv[1:]:
        case [folder, "faceres"]:
            faceres(pathlib.Path(folder), 224)
        case [folder, "faceres", side]:
            faceres(pathlib.Path(folder), int(side))
        case [folder, "mobilefacenet"]:
            mobilefacenet(pathlib.Path(folder))
        case _:
            sys.exit(__doc__)
