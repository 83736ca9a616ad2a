"""Every byte of an encrypted store, decrypted page by page: free pages and the WAL among them."""

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE, SALT, RESERVED, IV = 4096, 16, 80, 16
WAL_HEADER, FRAME_HEADER = 32, 24


def pages(folder: Path, key: bytes) -> list[bytes]:
    """The decrypted pages of `store.db` and of its WAL."""
    file = (folder / "store.db").read_bytes()
    found = [_page(key, file[at : at + PAGE], first=at == 0) for at in range(0, len(file), PAGE)]
    wal = folder / "store.db-wal"
    log = wal.read_bytes() if wal.exists() else b""
    for at in range(WAL_HEADER, len(log), FRAME_HEADER + PAGE):
        number = int.from_bytes(log[at : at + 4], "big")
        start = at + FRAME_HEADER
        found.append(_page(key, log[start : start + PAGE], first=number == 1))
    return found


def holds(folder: Path, key: bytes, word: str) -> bool:
    """Is the word in any byte of the store, whatever became of its row?"""
    return any(word.encode() in page for page in pages(folder, key))


def _page(key: bytes, page: bytes, *, first: bool) -> bytes:
    start = SALT if first else 0
    end = PAGE - RESERVED
    vector = page[end : end + IV]
    decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    return decryptor.update(page[start:end]) + decryptor.finalize()
