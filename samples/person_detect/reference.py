# Makes reference.txt: what the reference kernels of LiteRT make of eight pictures, layer by layer. Needs ai-edge-litert (2.3.0) and numpy.
#
# The file says of fourteen bias tensors that they are quantised along axis 3, which LiteRT refuses; here that is set to 0, which
# changes no integer.
import struct
import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

data = bytearray(open('person_detect.tflite', 'rb').read())
u16, u32, i32 = (lambda at, f=f: struct.unpack_from(f, data, at)[0] for f in ('<H', '<I', '<i'))


def field(table, number):
    fields = table - i32(table)
    offset = u16(fields + 4 + 2 * number) if 4 + 2 * number < u16(fields) else 0
    return table + offset if offset else None


def follow(at):
    return at + u32(at)


def tables(at):
    start = follow(at)
    return [follow(start + 4 + 4 * i) for i in range(u32(start))]


graph = tables(field(follow(0), 2))[0]
for tensor in tables(field(graph, 0)):
    kind, quantisation = field(tensor, 1), field(tensor, 4)
    if kind and data[kind] == 2 and quantisation:
        axis = field(follow(quantisation), 6)
        if axis:
            struct.pack_into('<i', data, axis, 0)

SIDE = 96


def noise(seed):
    state = seed
    for _ in range(SIDE * SIDE):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        yield state >> 56


def shapes(k):
    for y in range(SIDE):
        for x in range(SIDE):
            yield (y * (k + 1) + x * (7 - k) + (90 if 20 + 3 * k <= y < 70 and 30 <= x < 60 + k else 0)) % 256


def fnv(cells):
    result = 0xcbf29ce484222325
    for byte in cells:
        result = (result ^ byte) * 0x100000001b3 % 2**64
    return result


net = Interpreter(model_content=bytes(data), experimental_op_resolver_type=OpResolverType.BUILTIN_REF,
                  experimental_preserve_all_tensors=True)
net.allocate_tensors()
# The output of each operator but the reshape and the softmax at the end.
layers = [u32(follow(field(operator, 2)) + 4) for operator in tables(field(graph, 3))][:-2]
with open('reference.txt', 'w') as out:
    for kind, seed, cells in [('noise', k, noise(k)) for k in range(1, 5)] + [('shapes', k, shapes(k)) for k in range(4)]:
        picture = np.array(list(cells), np.int16).reshape(1, SIDE, SIDE, 1) - 128
        net.set_tensor(net.get_input_details()[0]['index'], picture.astype(np.int8))
        net.invoke()
        values = [net.get_tensor(layer)[0].astype(np.int64) for layer in layers]
        hashes = ['%016x' % fnv(np.transpose(value + 128, (2, 0, 1)).reshape(-1).tolist()) for value in values]
        print(kind, seed, *values[-1].reshape(-1), *hashes, file=out)
