"""What happens to snapshots on a disk: damage, and versions that are not ours."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from matchmaker.engine import storage

if TYPE_CHECKING:
    from pathlib import Path


def flip(path: Path, at: int = -1, bits: int = 1) -> None:
    """Flip some bits of one byte of a file."""
    content = bytearray(path.read_bytes())
    content[at] ^= bits
    path.write_bytes(content)


def damage(snapshot: Path) -> None:
    """Flip one bit in one file of a snapshot."""
    flip(snapshot / "arrays.bin")


def rewrite(snapshot: Path, about: dict[str, Any] | None = None, **values: Any) -> None:
    """Write the manifest of a snapshot as another program might have, in good order."""
    path = snapshot / storage.MANIFEST
    manifest = json.loads(path.read_bytes().partition(b"\n")[2])
    manifest |= {**values, "about": {**manifest["about"], **(about or {})}}
    body = json.dumps(manifest).encode()
    path.write_bytes(sha256(body).hexdigest().encode() + b"\n" + body)


# What makes a snapshot one that this app cannot serve, and what it then says.
SPOILT = {
    "damaged": (damage, "arrays.bin is not what was written"),
    "of another database": (
        lambda snapshot: rewrite(snapshot, {"database": "another"}),
        "was fitted from another database",
    ),
    "of another model": (
        lambda snapshot: rewrite(snapshot, {"model": "0"}),
        "was fitted with model 0",
    ),
    "of another vocabulary": (
        lambda snapshot: rewrite(snapshot, {"vocabulary": "old"}),
        "was fitted with vocabulary old",
    ),
    "of another format": (lambda snapshot: rewrite(snapshot, format=99), "has format 99"),
}
