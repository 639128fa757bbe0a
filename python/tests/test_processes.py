"""Threads, forks, Ctrl-C, progress."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

import numpy
import pytest

import zkimg
from conftest import PINNED

fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


def verdict(answers: Any) -> None:
    try:
        answers.put(zkimg.verify(PINNED / "edited.png", trust=PINNED / "camera.pub").verdict)
    except zkimg.ZkimgError as error:
        answers.put(str(error))


def in_child(method: str) -> Any:
    context = multiprocessing.get_context(method)
    answers = context.Queue()
    child = context.Process(target=verdict, args=(answers,))
    child.start()
    try:
        return answers.get(timeout=30)
    finally:
        child.kill()
        child.join()


@fork
def test_a_fork_works_after_work_and_so_does_its_own() -> None:
    assert zkimg.verify(PINNED / "edited.png", trust=PINNED / "camera.pub")
    assert in_child("fork") == "trusted"
    assert zkimg.verify(PINNED / "edited.png", trust=PINNED / "camera.pub")
    with multiprocessing.get_context("fork").Pool(2) as pool:
        answers = pool.map_async(zkimg.verify_many, [[PINNED / "edited.png"] * 3] * 6).get(timeout=60)
    assert {report.verdict for reports in answers for report in reports} == {"untrusted"}


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_other_ways_to_start_a_process(method: str) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip("this system does not start processes so")
    assert in_child(method) == "trusted"


@fork
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_fork_in_the_middle_of_work_is_told(negative: zkimg.Negative) -> None:
    told: list[Any] = []

    def progress(phase: str) -> None:
        if not told:
            told.append(in_child("fork"))

    zkimg.prove(negative, "contrast=1.5", progress=progress)
    assert "forked while zkimg was at work" in told[0]


def test_other_threads_run_meanwhile(camera: zkimg.SigningKey) -> None:
    noise = numpy.random.default_rng(1).integers(0, 256, (600, 800, 3), dtype=numpy.uint8)
    negative = zkimg.attest(zkimg.open(noise).png(), camera).negative
    ticks, stop = [0], threading.Event()

    def tick() -> None:
        while not stop.wait(0.005):
            ticks[0] += 1

    thread = threading.Thread(target=tick)
    thread.start()
    begin = time.monotonic()
    zkimg.prove(negative, "contrast=1.15")
    took = time.monotonic() - begin
    stop.set()
    thread.join()
    assert ticks[0] > took / 0.005 / 8, (ticks, took)


def test_two_threads_prove_at_once(negative: zkimg.Negative, camera: zkimg.SigningKey) -> None:
    made: list[zkimg.Published] = []
    threads = [threading.Thread(target=lambda: made.append(zkimg.prove(negative, "contrast=1.5"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(zkimg.verify_many(made, trust=camera.public)) and len(made) == 3


def test_progress_is_called_in_order_by_the_caller(negative: zkimg.Negative) -> None:
    phases: list[str] = []
    threads = set()

    def progress(phase: str) -> None:
        phases.append(phase)
        threads.add(threading.get_ident())

    zkimg.prove(negative, "contrast=1.5", progress=progress)
    assert phases[0] == "edits" and phases[-1] == "checking the proof" and "lookups" in phases
    assert threads == {threading.get_ident()}


def test_what_progress_raises_ends_the_work(negative: zkimg.Negative) -> None:
    class Enough(Exception):
        pass

    phases: list[str] = []

    def progress(phase: str) -> None:
        phases.append(phase)
        if phase == "lookups":
            raise Enough

    with pytest.raises(Enough):
        zkimg.prove(negative, "contrast=1.5", progress=progress)
    assert "circuit" not in phases
    assert zkimg.prove(negative, "contrast=1.5")


def test_too_little_memory_is_said(negative: zkimg.Negative) -> None:
    with pytest.raises(zkimg.OperationalError, match="MB of memory at least"):
        zkimg.prove(negative, "contrast=1.5", memory=1)


def test_ctrl_c_ends_a_proof() -> None:
    code = """
import numpy, sys, zkimg
noise = numpy.random.default_rng(1).integers(0, 256, (1500, 2000, 3), dtype=numpy.uint8)
negative = zkimg.attest(zkimg.open(noise).png(), zkimg.SigningKey.generate()).negative
phases = []
def progress(phase):
    phases.append(phase)
    if phase == "lookups":
        print("now", flush=True)
try:
    zkimg.prove(negative, "contrast=1.15", progress=progress)
except KeyboardInterrupt:
    print("stopped", "checking the proof" in phases)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "now\n"
        run.send_signal(signal.SIGINT)
        assert run.stdout.readline() == "stopped False\n"
        assert run.wait(30) == 0
