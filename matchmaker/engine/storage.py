"""Arrays in a folder: one file to map into memory, and a manifest that knows what is where in it.

Nothing is ever unpickled. The manifest holds the size and the SHA-256 of every file, and begins
with its own, so that any flipped bit is found before a number is believed. One file for all arrays
opens in a fraction of the time that a file for each takes, and costs a process one descriptor.
"""

import hashlib
import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

MANIFEST = "manifest.json"
CONTENTS = "arrays.bin"
FORMAT = 3
# Where an array may begin: what the widest instructions of a processor like best.
_ALIGNMENT = 64
_PIECE = 1 << 20

Arrays = Mapping[str, NDArray[Any]]


class Damaged(Exception):
    """A stored snapshot is not what was written; the message says which file and how."""


class WrittenByOthers(Exception):
    """A stored snapshot is sound, but of another version; the message says what to run."""


class Stored(NamedTuple):
    """What a folder holds: arrays mapped into memory, read-only, and a few plain values."""

    arrays: Arrays
    about: Mapping[str, Any]


def write(folder: Path, arrays: Arrays, about: Mapping[str, Any]) -> None:
    """Write arrays and plain values into a new folder, down to the disk.

    Raises:
        FileExistsError: The folder exists.
        ValueError: An array holds objects.
    """
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise ValueError(f"{name} holds objects, which only pickle could write")
    folder.mkdir(parents=True)
    places = {}
    with (folder / CONTENTS).open("wb") as file:
        for name, array in sorted(arrays.items()):
            file.write(bytes(-file.tell() % _ALIGNMENT))
            places[name] = {
                "at": file.tell(),
                "kind": array.dtype.str,
                "shape": array.shape,
            }
            file.write(np.ascontiguousarray(array).data)
        _flush(file)
    path = folder / CONTENTS
    files = {CONTENTS: {"bytes": path.stat().st_size, "sha256": _digest(path)}}
    manifest = {"format": FORMAT, "about": dict(about), "files": files, "arrays": places}
    body = json.dumps(manifest, indent=1, sort_keys=True).encode()
    with (folder / MANIFEST).open("wb") as file:
        file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        _flush(file)


def verify(folder: Path) -> Mapping[str, Any]:
    """Read every byte of a folder and return its manifest.

    Raises:
        Damaged: A file is missing, too short or long, or not what was written.
        WrittenByOthers: The folder has another format.
    """
    manifest = _manifest(folder)
    for name, expected in manifest["files"].items():
        path = folder / name
        try:
            size, digest = path.stat().st_size, _digest(path)
        except OSError as error:
            raise Damaged(f"{name} cannot be read: {error.strerror}") from error
        if size != expected["bytes"]:
            raise Damaged(f"{name} has {size} bytes and had {expected['bytes']}")
        if digest != expected["sha256"]:
            raise Damaged(f"{name} is not what was written")
    return manifest


def read(folder: Path) -> Stored:
    """Verify a folder and map its arrays into memory.

    Raises:
        Damaged: See `verify`.
        WrittenByOthers: See `verify`.
    """
    manifest = verify(folder)
    contents = np.memmap(folder / CONTENTS, dtype=np.uint8, mode="r")
    arrays = {name: _array(contents, **place) for name, place in manifest["arrays"].items()}
    return Stored(arrays, manifest["about"])


def _array(contents: NDArray[np.uint8], *, at: int, kind: str, shape: list[int]) -> NDArray[Any]:
    """Return one of the arrays, as a plain one: slices of a memmap take far longer."""
    dtype = np.dtype(kind)
    n_bytes = dtype.itemsize * math.prod(shape)
    return np.asarray(contents[at : at + n_bytes]).view(dtype).reshape(shape)


def _flush(file: BinaryIO) -> None:
    """Bring what was written down to the disk."""
    file.flush()
    os.fsync(file.fileno())


def _manifest(folder: Path) -> Mapping[str, Any]:
    try:
        digest, _, body = (folder / MANIFEST).read_bytes().partition(b"\n")
    except OSError as error:
        raise Damaged(f"{MANIFEST} cannot be read: {error.strerror}") from error
    if hashlib.sha256(body).hexdigest().encode() != digest:
        raise Damaged(f"{MANIFEST} is not what was written")
    manifest: Mapping[str, Any] = json.loads(body)
    if manifest["format"] != FORMAT:
        raise WrittenByOthers(
            f"This snapshot has format {manifest['format']}; this version reads format {FORMAT}. "
            "Run: matchmaker index build"
        )
    return manifest


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
