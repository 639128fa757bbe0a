"""What the module costs over the library: `venv/bin/python benches/python.py`, beside `cargo bench --bench table -- verify`.

A photo of 1280 × 720, as there; medians.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy

import zkimg


def median(runs: int, work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of wall and of processor."""
    times = []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        times.append((1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)))
    walls, cpus = zip(*times, strict=True)
    return statistics.median(walls), statistics.median(cpus)


def main() -> None:
    y, x, c = numpy.mgrid[0:720, 0:1280, 0:3]
    photo = zkimg.open(((x * 7 + y * 13 + c * 31 + x * y // 64) % 256).astype(numpy.uint8)).png()
    camera = zkimg.SigningKey.generate()
    negative = zkimg.attest(photo, camera).negative
    print("| HD, two cores | ms | cpu ms |\n|---|---|---|")
    with TemporaryDirectory() as folder:
        key = Path(folder, "camera.pub")
        key.write_text(camera.public.pem())
        for word in ("crop=640x480+320+120", "contrast=1.15"):
            published = zkimg.prove(negative, word)
            file, array, proof = Path(folder, word.split("=")[0] + ".png"), published.picture.array, published.proof
            published.save(file)
            rows: dict[str, tuple[int, Callable[[], object]]] = {
                "attest": (5, lambda: zkimg.attest(photo, camera)),
                f"prove, {word}": (5, lambda: zkimg.prove(negative, word)),
                "verify, decoded picture": (40, lambda: zkimg.verify(published.picture, proof, trust=camera.public)),
                "verify, array": (40, lambda: zkimg.verify(array, proof, trust=camera.public)),
                "verify, file": (40, lambda: zkimg.verify(file, trust=key)),
                "verify, one of 16 files": (10, lambda: zkimg.verify_many([file] * 16, trust=key)),
            }
            for name, (runs, work) in rows.items():
                work()
                wall, cpu = median(runs, work)
                each = 16 if "16" in name else 1
                print(f"| {word.split('=')[0]}: {name} | {wall / each:.1f} | {cpu / each:.1f} |")


if __name__ == "__main__":
    main()
