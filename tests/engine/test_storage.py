"""Arrays in a folder: what was written is what is read, or the reading says what is wrong."""

from __future__ import annotations

import json
import random
from hashlib import sha256
from mmap import mmap
from pathlib import Path

import numpy as np
import pytest

from matchmaker import engine
from matchmaker.engine import Professional, Programme, storage
from matchmaker.engine.storage import Damaged, WrittenByOthers
from tests.engine.examples import EDINBURGH, FIFE, small_vocabulary

ARRAYS = {
    "shares": np.array([0.25, 0.5, 1.0]),
    "table": np.arange(6, dtype=np.int32).reshape(2, 3),
    "flags": np.array([True, False]),
    "nothing": np.empty(0, dtype=np.uint8),
}
N_FLIPS = 200


@pytest.fixture
def folder(tmp_path):
    """A folder with a few arrays."""
    storage.write(tmp_path / "stored", ARRAYS, {"made": "in a test", "n": 3})
    return tmp_path / "stored"


@pytest.fixture(scope="module")
def snapshot_folder(tmp_path_factory):
    """The folder of a small snapshot; whoever damages it repairs it again."""
    snapshot = engine.fit(
        [
            Professional(id="P1", profession="physiotherapist", conditions=("copd",), text="swim"),
            Professional(id="P2", areas=(FIFE,), seeks="walking groups"),
        ],
        [
            Programme(id="G1", name="Breathe easy", conditions=("lung",), areas=(EDINBURGH,)),
            Programme(id="G2", text="Singing for people with asthma"),
        ],
        vocabulary=small_vocabulary(),
    )
    folder = tmp_path_factory.mktemp("stored") / "snapshot"
    engine.save(snapshot, folder)
    return folder


def rewrite_manifest(folder, **changes):
    """Write the manifest as another version might have, in good order."""
    path = folder / storage.MANIFEST
    manifest = {**json.loads(path.read_bytes().partition(b"\n")[2]), **changes}
    body = json.dumps(manifest).encode()
    path.write_bytes(sha256(body).hexdigest().encode() + b"\n" + body)


def test_what_was_written_is_read(folder):
    stored = storage.read(folder)
    assert stored.about == {"made": "in a test", "n": 3}
    assert stored.arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert np.array_equal(stored.arrays[name], array)
        assert stored.arrays[name].dtype == array.dtype


def test_every_file_reaches_the_disk_and_the_manifest_that_vouches_for_them_last(
    tmp_path, monkeypatch
):
    flushed = []

    def flush(handle):
        flushed.append(Path(f"/proc/self/fd/{handle}").readlink().name)

    monkeypatch.setattr(storage.os, "fsync", flush)
    storage.write(tmp_path / "stored", ARRAYS, {})
    assert sorted(flushed) == sorted(path.name for path in (tmp_path / "stored").iterdir())
    assert flushed[-1] == storage.MANIFEST


def test_arrays_are_maps_of_the_files_that_nobody_can_write_to(folder):
    for array in storage.read(folder).arrays.values():
        assert isinstance(_origin(array), mmap)
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def _origin(array):
    while isinstance(array, np.ndarray):
        array = array.base
    return array


def test_folder_that_exists_is_left_as_it_is(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(FileExistsError):
        storage.write(folder, {}, {})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_nothing_that_needs_pickle_is_written(tmp_path):
    with pytest.raises(ValueError, match="objects holds objects"):
        storage.write(tmp_path / "stored", {"objects": np.array([{}, []], dtype=object)}, {})


def test_manifest_knows_every_file_and_array(snapshot_folder):
    manifest = storage.verify(snapshot_folder)
    names = {path.name for path in snapshot_folder.iterdir()}
    assert names == {storage.MANIFEST, *manifest["files"]}
    arrays = storage.read(snapshot_folder).arrays
    assert arrays.keys() == manifest["arrays"].keys()
    assert all(array.flags.aligned for array in arrays.values())


def test_sound_snapshot_is_found_sound_and_read_to_its_last_byte(snapshot_folder):
    files = storage.verify(snapshot_folder)["files"]
    assert all((snapshot_folder / name).stat().st_size == files[name]["bytes"] for name in files)
    assert engine.open_snapshot(snapshot_folder, vocabulary=small_vocabulary())


def test_any_flipped_byte_is_found_and_its_file_named(snapshot_folder):
    paths = sorted(snapshot_folder.iterdir())
    sizes = [path.stat().st_size for path in paths]
    draw = random.Random(2026)
    # Most flips anywhere, and one in every file whatever its size.
    chosen = [*paths, *draw.choices(paths, sizes, k=N_FLIPS - len(paths))]
    assert len(chosen) == N_FLIPS
    for path in chosen:
        sound = path.read_bytes()
        broken = bytearray(sound)
        broken[draw.randrange(len(sound))] ^= draw.randint(1, 255)
        path.write_bytes(broken)
        with pytest.raises(Damaged, match=f"^{path.name} is not what was written$"):
            storage.read(snapshot_folder)
        path.write_bytes(sound)
    storage.verify(snapshot_folder)


def test_any_missing_file_is_found_and_named(snapshot_folder, tmp_path):
    for path in sorted(snapshot_folder.iterdir()):
        aside = path.rename(tmp_path / path.name)
        with pytest.raises(Damaged, match=f"^{path.name} cannot be read: No such file"):
            storage.read(snapshot_folder)
        aside.rename(path)
    storage.verify(snapshot_folder)


def test_any_file_that_lost_its_end_or_grew_one_is_found_and_named(snapshot_folder):
    for path in sorted(snapshot_folder.glob("*.bin")):
        sound = path.read_bytes()
        for broken in (sound[:-1], sound[: len(sound) // 2], b"", sound + b"\0", sound + sound):
            path.write_bytes(broken)
            expected = f"^{path.name} has {len(broken)} bytes and had {len(sound)}$"
            with pytest.raises(Damaged, match=expected):
                storage.read(snapshot_folder)
        path.write_bytes(sound)
    storage.verify(snapshot_folder)


@pytest.mark.parametrize("part", [b"", b"0" * 64, b"\n", b"not a manifest"])
def test_manifest_that_is_cut_or_not_ours_is_found(folder, part):
    (folder / storage.MANIFEST).write_bytes(part)
    with pytest.raises(Damaged, match=r"^manifest\.json is not what was written$"):
        storage.verify(folder)


def test_file_of_another_snapshot_is_found(snapshot_folder, folder):
    path = snapshot_folder / storage.CONTENTS
    sound = path.read_bytes()
    path.write_bytes((folder / storage.CONTENTS).read_bytes())
    with pytest.raises(Damaged, match=r"^arrays\.bin has"):
        storage.read(snapshot_folder)
    path.write_bytes(sound)
    storage.verify(snapshot_folder)


def test_folder_that_is_not_there_is_damaged_and_no_crash(tmp_path):
    with pytest.raises(Damaged, match=r"^manifest\.json cannot be read: No such file"):
        storage.read(tmp_path / "nowhere")


def test_other_format_says_what_to_run(folder):
    rewrite_manifest(folder, format=storage.FORMAT + 1)
    with pytest.raises(
        WrittenByOthers, match=rf"format {storage.FORMAT + 1}.*Run: matchmaker index build"
    ):
        storage.read(folder)
