"""Runs a face network from `quantise.py` on the faces that `fetch.py` fetched, with LiteRT's reference kernels, and prints the cosines.

    python reference.py FOLDER faceres_224.tflite

Needs ai-edge-litert, numpy and pillow. The boxes, given by hand, are those of docs/networks.md; rows are one person, then two.
"""
import itertools
import pathlib
import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from PIL import Image

# picture, who, x, y, side
FACES = [
    ("obama.jpg", "obama", 306, 38, 373),
    ("obama2.jpg", "obama", 157, 167, 433),
    ("obama3.jpg", "obama", 557, 201, 441),
    ("biden.jpg", "biden", 318, 61, 514),
    ("astronaut.png", "collins", 146, 24, 156),
]


def main(folder, name):
    net = Interpreter(str(folder / name), experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    net.allocate_tensors()
    [source], [result] = net.get_input_details(), net.get_output_details()
    side, zero = source["shape"][1], result["quantization"][1]
    embeddings = []
    for file, _, x, y, edge in FACES:
        face = Image.open(folder / file).convert("RGB").crop((x, y, x + edge, y + edge)).resize((side, side), Image.LANCZOS)
        net.set_tensor(source["index"], (np.array(face).astype(np.int16) - 128).astype(np.int8)[None])
        net.invoke()
        embeddings.append(net.get_tensor(result["index"]).reshape(-1).astype(np.float64) - zero)
    pairs = [(FACES[i], FACES[j], embeddings[i] @ embeddings[j] / np.linalg.norm(embeddings[i]) / np.linalg.norm(embeddings[j]))
             for i, j in itertools.combinations(range(len(FACES)), 2)]
    for one, two, cosine in sorted(pairs, key=lambda pair: pair[0][1] != pair[1][1]):
        print(f"{one[0]:14} {two[0]:14} {'same' if one[1] == two[1] else 'other':6} {cosine:.3f}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), sys.argv[2])
