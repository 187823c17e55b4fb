"""Field encryption and keyed indexes: AES-256-GCM or SM4-GCM with a key id and row-bound associated data; HMAC-SHA256 for exact match.

Stored form: byte 0 format (1 AES-256-GCM, 2 SM4-GCM), byte 1 key id, 12 bytes nonce, ciphertext with tag. The associated data name
table, column and row id, so a ciphertext copied to another row or column does not decrypt there (NIST SP 800-38D). SM4-GCM is that of
RFC 8998 (SM4: GB/T 32907-2016). A key of 32 bytes is one of AES-256, a key of 16 bytes one of SM4; both may lie on one ring.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

AES, SM4 = 1, 2  # formats
LENGTHS = {32: AES, 16: SM4}  # bytes of a key → its format
TAG = 16
SHORTEST = 2 + 12 + TAG  # format, key id, nonce, tag: nothing shorter was made here


class Aead(Protocol):
    """A cipher that tells when something was altered."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The ciphertext and its tag."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The clear bytes; InvalidTag when anything is another than it was."""


class Sm4Gcm:
    """SM4 in Galois/Counter Mode, with the calls of the library's AESGCM, which it offers for AES only."""

    def __init__(self, key: bytes) -> None:
        self._key = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The ciphertext and its tag."""
        sealer = Cipher(self._key, modes.GCM(nonce)).encryptor()
        sealer.authenticate_additional_data(associated_data or b"")
        return sealer.update(data) + sealer.finalize() + sealer.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The clear bytes; nothing of them is given before the tag was compared."""
        if len(data) < TAG:
            raise InvalidTag
        opener = Cipher(self._key, modes.GCM(nonce, data[-TAG:])).decryptor()
        opener.authenticate_additional_data(associated_data or b"")
        return opener.update(data[:-TAG]) + opener.finalize()


def cipher(key: bytes) -> Aead:
    """The cipher of a key, by its length."""
    return AESGCM(key) if LENGTHS[len(key)] == AES else Sm4Gcm(key)


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
    """The data keys, newest first, the index key, the blind keys, and the seed that seals of the trail are signed with."""

    def __init__(
        self,
        data_keys: Sequence[tuple[int, bytes]],
        index_key: bytes,
        seal_key: bytes | None = None,
        blind_keys: Sequence[bytes] = (),
    ) -> None:
        self._signer = Signer(seal_key or hmac.new(index_key, b"caseapp seal key", hashlib.sha256).digest())
        self.newest = data_keys[0][0]
        self._raw = dict(data_keys)
        self._keys = {number: (LENGTHS[len(key)], cipher(key)) for number, key in data_keys}
        self._index_key = index_key
        self._blind_keys = tuple(blind_keys) or (index_key,)

    def seal(self, clear: bytes, bound_to: bytes) -> bytes:
        """Encrypts under the newest key, bound to a place."""
        nonce = os.urandom(12)
        kind, key = self._keys[self.newest]
        return bytes((kind, self.newest)) + nonce + key.encrypt(nonce, clear, bound_to)

    def open(self, sealed: bytes, bound_to: bytes) -> bytes:
        """Decrypts; raises InvalidTag when altered or moved, KeyError when the key is no longer on the ring."""
        if len(sealed) < SHORTEST or sealed[0] not in (AES, SM4):
            raise InvalidTag
        kind, key = self._keys[sealed[1]]
        if kind != sealed[0]:
            raise InvalidTag
        return key.decrypt(sealed[2:14], sealed[14:], bound_to)

    def index(self, purpose: str, value: str) -> bytes:
        """A keyed digest: 16 bytes, different for each purpose, the same for ever."""
        return _digest(self._index_key, purpose, value)

    def blind(self, purpose: str, value: str) -> bytes:
        """The blind index of a value as rows keep it, under the newest blind key."""
        return _digest(self._blind_keys[0], purpose, value)

    def blinds(self, purpose: str, value: str) -> list[bytes]:
        """The blind index under every blind key: what to look for while rows of an older key are being rebuilt."""
        return [_digest(key, purpose, value) for key in self._blind_keys]

    def new_file_key(self, purpose: str) -> tuple[int, bytes, bytes]:
        """(key id, salt, key) for one new file, made of the newest data key; of the same length, so of the same cipher."""
        salt = os.urandom(16)
        return self.newest, salt, self.file_key(purpose, self.newest, salt)

    def file_key(self, purpose: str, number: int, salt: bytes) -> bytes:
        """The key of a file once more (HKDF-SHA256, RFC 5869); KeyError when its data key is no longer on the ring."""
        raw = self._raw[number]
        return HKDF(SHA256(), len(raw), salt, purpose.encode()).derive(raw)

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


def _digest(key: bytes, purpose: str, value: str) -> bytes:
    return hmac.new(key, purpose.encode() + b"\0" + value.encode(), hashlib.sha256).digest()[:16]


_ring: KeyRing | None = None


def configure(
    data_keys: Sequence[tuple[int, bytes]], index_key: bytes, seal_key: bytes | None = None, blind_keys: Sequence[bytes] = ()
) -> None:
    """Sets the ring of this process; called once at start."""
    global _ring  # noqa: PLW0603 - one ring a process, like the engine
    _ring = KeyRing(data_keys, index_key, seal_key, blind_keys)


def ring() -> KeyRing:
    """The ring of this process; a RuntimeError before `configure`."""
    if _ring is None:
        raise RuntimeError("no keys: create_app() has not run")
    return _ring


def bound(table: str, column: str, row_id: UUID) -> bytes:
    """The associated data of a field."""
    return f"{table}|{column}|".encode() + row_id.bytes
