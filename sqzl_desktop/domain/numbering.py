"""编号: numbers for paper that two devices without a network cannot both give out.

The server gives every device a short code of its own; a number carries it, and the device counts.
"""

DEVICE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O 1 I L, which paper confuses

WORDS = {"consultation": "协", "case": "案", "service_request": "办", "notice": "告"}


def number(kind: str, community: str, *, year: int, device: str, count: int) -> str:
    """协2026-001002-22-003: kind, year, community's last six digits, device, the device's count."""
    return f"{WORDS[kind]}{year}-{community[-6:]}-{device}-{count:03d}"


def device_code(serial: int) -> str:
    """The code of the server's n-th device (from 1): two characters or more."""
    digits = ""
    base = len(DEVICE_ALPHABET)
    serial += base - 1  # so that the first has two characters
    while serial:
        serial, rest = divmod(serial, base)
        digits = DEVICE_ALPHABET[rest] + digits
    return digits
