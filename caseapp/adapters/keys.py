"""Field encryption and keyed indexes: AES-256-GCM with a key id and row-bound associated data; HMAC-SHA256 for exact match.

Stored form: byte 0 format (1), byte 1 key id, 12 bytes nonce, ciphertext with tag. The associated data name table,
column and row id, so a ciphertext copied to another row or column does not decrypt there (NIST SP 800-38D).
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence
from uuid import UUID

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = 1
SHORTEST = 2 + 12 + 16  # format, key id, nonce, tag: nothing shorter was made here


class Signer:
    """Signs the seals of the trail (Ed25519, RFC 8032)."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()

    def sign(self, what: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(what)


def is_signed(public: bytes, what: bytes, signature: bytes) -> bool:
    """Whether the signature over `what` is that of the owner of the public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, what)
    except (InvalidSignature, ValueError):
        return False
    return True


class KeyRing:
    """The data keys, newest first, the index key, and the seed that seals of the trail are signed with."""

    def __init__(self, data_keys: Sequence[tuple[int, bytes]], index_key: bytes, seal_key: bytes | None = None) -> None:
        self._signer = Signer(seal_key or hmac.new(index_key, b"caseapp seal key", hashlib.sha256).digest())
        self._newest = data_keys[0][0]
        self._raw = dict(data_keys)
        self._keys = {number: AESGCM(key) for number, key in data_keys}
        self._index_key = index_key

    def seal(self, clear: bytes, bound_to: bytes) -> bytes:
        """Encrypts under the newest key, bound to a place."""
        nonce = os.urandom(12)
        return bytes((FORMAT, self._newest)) + nonce + self._keys[self._newest].encrypt(nonce, clear, bound_to)

    def open(self, sealed: bytes, bound_to: bytes) -> bytes:
        """Decrypts; raises InvalidTag when altered or moved, KeyError when the key is no longer on the ring."""
        if len(sealed) < SHORTEST or sealed[0] != FORMAT:
            raise InvalidTag
        return self._keys[sealed[1]].decrypt(sealed[2:14], sealed[14:], bound_to)

    def index(self, purpose: str, value: str) -> bytes:
        """A keyed digest for exact match: 16 bytes, different for each purpose."""
        return hmac.new(self._index_key, purpose.encode() + b"\0" + value.encode(), hashlib.sha256).digest()[:16]

    def new_file_key(self, purpose: str) -> tuple[int, bytes, bytes]:
        """(key id, salt, 32 bytes) of a key for one new file, made of the newest data key."""
        salt = os.urandom(16)
        return self._newest, salt, self.file_key(purpose, self._newest, salt)

    def file_key(self, purpose: str, number: int, salt: bytes) -> bytes:
        """The key of a file once more (HKDF-SHA256, RFC 5869); KeyError when its data key is no longer on the ring."""
        return HKDF(SHA256(), 32, salt, purpose.encode()).derive(self._raw[number])

    def numbers(self) -> tuple[int, ...]:
        """The ids of the keys, newest first."""
        return tuple(self._raw)

    def signer(self) -> Signer:
        """Who signs the trail."""
        return self._signer

    def token(self, purpose: str, clear: bytes) -> str:
        """A sealed value for the outside (cursors): unreadable, unforgeable, bound to its purpose."""
        return base64.urlsafe_b64encode(self.seal(clear, purpose.encode())).rstrip(b"=").decode()

    def untoken(self, purpose: str, text: str) -> bytes:
        """Reads `token` back; raises ValueError when it is not one of ours."""
        try:
            return self.open(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), purpose.encode())
        except (InvalidTag, KeyError, IndexError, ValueError) as error:
            raise ValueError("not a token of ours") from error


_ring: KeyRing | None = None


def configure(data_keys: Sequence[tuple[int, bytes]], index_key: bytes, seal_key: bytes | None = None) -> None:
    """Sets the ring of this process; called once at start."""
    global _ring  # noqa: PLW0603 - one ring a process, like the engine
    _ring = KeyRing(data_keys, index_key, seal_key)


def ring() -> KeyRing:
    """The ring of this process; a RuntimeError before `configure`."""
    if _ring is None:
        raise RuntimeError("no keys: create_app() has not run")
    return _ring


def bound(table: str, column: str, row_id: UUID) -> bytes:
    """The associated data of a field."""
    return f"{table}|{column}|".encode() + row_id.bytes
