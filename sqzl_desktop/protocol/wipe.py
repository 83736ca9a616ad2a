"""销毁指令: the order to destroy a device's data, and how a device knows that it is genuine."""

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sqzl_desktop.protocol.messages import WipeOrder


def order_text(device: str, ordered_at: str) -> bytes:
    """What the server signs."""
    return f"sqzl wipe\n{device}\n{ordered_at}".encode()


def is_genuine(order: WipeOrder, device: str, public_key: str) -> bool:
    """Is this an order for that device, signed with the key it was given at its enrolment?"""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        signature = base64.b64decode(order.signature, validate=True)
        key.verify(signature, order_text(order.device, order.ordered_at))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return order.device == device
