"""A batch under HyperQueue: one of its tasks is killed, submitted again, and nothing is lost or done twice.

    venv/bin/pip install hyperqueue pytest numpy WHEEL-OF-ZKIMG && venv/bin/pytest tests/engines
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import time
from collections import Counter
from pathlib import Path

import numpy
import pytest

import zkimg

hyperqueue = pytest.importorskip("hyperqueue", reason="the engine is not installed")
from hyperqueue.cluster import WorkerConfig  # noqa: E402

TOOL = Path(os.environ.get("ZKIMG", Path(__file__).parents[2] / "target" / "release" / "zkimg")).resolve()
PHOTOS, SHARDS = 24, 4


def done(folder: Path) -> Counter[str]:
    """How often each job is said to be done."""
    times: Counter[str] = Counter()
    for ledger in (folder / "prove.jsonl.ledger").glob("*.jsonl"):
        for line in ledger.read_text().splitlines(keepends=True):
            if line.endswith("\n") and json.loads(line)["state"] == "done":
                times[json.loads(line)["job"]] += 1
    return times


def submit(client: hyperqueue.Client, folder: Path, shards: list[int]) -> hyperqueue.job.SubmittedJob:
    job = hyperqueue.Job(default_workdir=folder)
    for shard in shards:
        command = f"echo $$ > {shard}.pid; exec {shlex.quote(str(TOOL))} batch prove.jsonl --shard {shard}/{SHARDS} --resume --parallel 1"
        job.program(["sh", "-c", command])
    return client.submit(job)


def test_a_killed_task_is_done_again_and_no_job_is(tmp_path: Path) -> None:
    rng = numpy.random.default_rng(1)
    camera = zkimg.SigningKey.generate()
    jobs = []
    for i in range(PHOTOS):
        photo = zkimg.open(rng.integers(0, 256, (48, 64, 3), dtype=numpy.uint8)).png()
        zkimg.attest(photo, camera).save(tmp_path / str(i))
        jobs.append({"do": "prove", "negative": f"{i}.negative", "edits": ["contrast=1.15"], "out": f"{i}.png"})
    (tmp_path / "prove.jsonl").write_text("".join(json.dumps(job) + "\n" for job in jobs))

    with hyperqueue.LocalCluster() as cluster:
        cluster.start_worker(WorkerConfig(cores=2))
        client = cluster.client()
        first = submit(client, tmp_path, list(range(SHARDS)))
        end = time.monotonic() + 120
        while len(done(tmp_path)) < 4 and time.monotonic() < end:
            time.sleep(0.01)
        killed = next(shard for shard in range(SHARDS) if (tmp_path / f"{shard}.pid").exists())
        os.kill(int((tmp_path / f"{killed}.pid").read_text()), signal.SIGKILL)
        assert not client.wait_for_jobs([first], raise_on_error=False)
        assert len(client.get_failed_tasks(first)) == 1
        missing = PHOTOS - len(done(tmp_path))
        assert 0 < missing < PHOTOS
        again = submit(client, tmp_path, [killed])
        assert client.wait_for_jobs([again])

    times = done(tmp_path)
    assert len(times) == PHOTOS and set(times.values()) == {1}
    assert not list(tmp_path.glob(".zkimg-*"))
    assert all(zkimg.verify_many([tmp_path / f"{i}.png" for i in range(PHOTOS)], trust=camera.public))
