"""Runs a face network from `quantise.py` on the faces that `fetch.py` fetched, with LiteRT's reference kernels, and prints the cosines.

    python reference.py FOLDER faceres_224.tflite [FACES]

Needs ai-edge-litert, numpy and pillow. The boxes, given by hand, are those of docs/networks.md; rows are one person, then two. FACES is
written: of each face a line of the bytes that the network read, channel after channel, and one of the bytes that it made, which
`cargo run -p zkimg-network --release --example faces` compares with what this project makes of them.
"""
import itertools
import pathlib
import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from PIL import Image

# picture, who, x, y, side: the whole head
HEADS = [
    ("obama.jpg", "obama", 306, 38, 373),
    ("obama2.jpg", "obama", 157, 167, 433),
    ("obama3.jpg", "obama", 557, 201, 441),
    ("biden.jpg", "biden", 318, 61, 514),
    ("astronaut.png", "collins", 146, 24, 156),
]
# The eyes 0.31 of the side apart, 0.46 of it below the upper edge, which is what networks for 112 pixels were trained on.
EYES = [
    ("obama.jpg", "obama", 335, 67, 318),
    ("obama2.jpg", "obama", 118, 199, 383),
    ("obama3.jpg", "obama", 615, 224, 364),
    ("biden.jpg", "biden", 393, 154, 395),
    ("astronaut.png", "collins", 155, 38, 139),
]


def main(folder, name, faces=None):
    net = Interpreter(str(folder / name), experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    net.allocate_tensors()
    [source], [result] = net.get_input_details(), net.get_output_details()
    side, zero = source["shape"][1], result["quantization"][1]
    boxes, embeddings, lines = EYES if side == 112 else HEADS, [], []
    for file, _, x, y, edge in boxes:
        face = Image.open(folder / file).convert("RGB").crop((x, y, x + edge, y + edge)).resize((side, side), Image.LANCZOS)
        net.set_tensor(source["index"], (np.array(face).astype(np.int16) - 128).astype(np.int8)[None])
        net.invoke()
        made = net.get_tensor(result["index"]).reshape(-1).astype(np.int16)
        embeddings.append(made.astype(np.float64) - zero)
        lines += [np.array(face).transpose(2, 0, 1).reshape(-1), made + 128]
    if faces is not None:
        pathlib.Path(faces).write_text("".join(" ".join(map(str, line)) + "\n" for line in lines))
    pairs = [(boxes[i], boxes[j], embeddings[i] @ embeddings[j] / np.linalg.norm(embeddings[i]) / np.linalg.norm(embeddings[j]))
             for i, j in itertools.combinations(range(len(boxes)), 2)]
    for one, two, cosine in sorted(pairs, key=lambda pair: pair[0][1] != pair[1][1]):
        print(f"{one[0]:14} {two[0]:14} {'same' if one[1] == two[1] else 'other':6} {cosine:.3f}")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), *sys.argv[2:])
