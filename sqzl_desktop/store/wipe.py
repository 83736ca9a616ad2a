"""销毁: the key first, so that whatever is left of the files can never be read again."""

import os
from pathlib import Path

from sqzl_desktop.store import keys
from sqzl_desktop.store.engine import STORE_FILE, Store


def destroy(store: Store, vault: keys.Vault | None, *others: Path) -> None:
    """Destroy the key and the files of a store, copies set aside among them, and `others`."""
    store.end()
    store.close()
    keys.forget_key(store.folder, vault=vault)
    for pattern in (f"{keys.KEY_FILE}*", f"{STORE_FILE}*"):
        for path in store.folder.glob(pattern):
            overwrite(path)
    for path in others:
        path.unlink(missing_ok=True)


def overwrite(path: Path) -> None:
    """Remove a file; its first pages, where a key or a header lies, are written over before."""
    size = min(path.stat().st_size, 1 << 16)
    with path.open("r+b") as file:
        file.write(os.urandom(size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
