"""What `zkimg batch` costs over the work: `taskset -c 0 venv/bin/python benches/batch.py COUNT WIDTH HEIGHT`.

The same photos are attested and proved from by a batch, one at a time, and by the module in this process, which writes nothing; on one core, so that both use one thread.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory

import numpy

import zkimg

TOOL = Path(os.environ.get("ZKIMG", "target/release/zkimg")).resolve()
EDITS = ["crop=16:9", "contrast=1.15"]


def cost(who: int, count: int, work: Callable[[], object]) -> str:
    """Milliseconds a job, of wall and of processor."""
    before, wall = getrusage(who), time.perf_counter()
    work()
    wall, after = time.perf_counter() - wall, getrusage(who)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return f"{1000 * wall / count:.1f} | {1000 * cpu / count:.1f}"


def main() -> None:
    count, width, height = map(int, sys.argv[1:])
    rng = numpy.random.default_rng(1)
    camera = zkimg.SigningKey.generate()
    print("| a job | ms | cpu ms |\n|---|---|---|")
    with TemporaryDirectory() as name:
        folder = Path(name)
        camera.save(folder / "camera.key")
        photos = [zkimg.open(rng.integers(0, 256, (height, width, 3), dtype=numpy.uint8)).png() for _ in range(count)]
        jobs: dict[str, list[dict[str, object]]] = {"attest": [], "prove": []}
        for i, photo in enumerate(photos):
            (folder / f"{i}.png").write_bytes(photo)
            jobs["attest"].append({"do": "attest", "photo": f"{i}.png", "key": "camera.key"})
            jobs["prove"].append({"do": "prove", "negative": f"{i}.negative", "edits": EDITS, "out": f"{i}.web.png"})
        for verb, lines in jobs.items():
            (folder / f"{verb}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))

        def batch(verb: str) -> None:
            subprocess.run([TOOL, "batch", f"{verb}.jsonl", "--parallel", "1"], cwd=folder, check=True, stdout=subprocess.DEVNULL)

        negatives = [zkimg.attest(photo, camera).negative for photo in photos]
        zkimg.prove(negatives[0], EDITS)
        work: dict[str, Callable[[], object]] = {
            "attest": lambda: [zkimg.attest(photo, camera) for photo in photos],
            "prove": lambda: [zkimg.prove(negative, EDITS) for negative in negatives],
        }
        for verb, alone in work.items():
            print(f"| {verb}, the work alone | {cost(RUSAGE_SELF, count, alone)} |")
            print(f"| {verb}, batch | {cost(RUSAGE_CHILDREN, count, lambda verb=verb: batch(verb))} |")


if __name__ == "__main__":
    main()
