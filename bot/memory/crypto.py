"""Keys: one for each person, each wrapped by one master key, so that erasing a person's key erases the person's words.

Words are sealed with AES-256-GCM. A sealed value says whose it is and carries its nonce:

    1 byte version | 16 bytes person id | 12 bytes nonce | ciphertext and tag

The person's id and the column's name are authenticated with it, so a value can't be moved to another person or column.
"""

from __future__ import annotations

import base64
import binascii
import os
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import KeyGone, SettingsError

__all__ = ["Keyring", "MasterKey", "load_master_key"]

_VERSION: Final = b"\x01"
_NONCE: Final = 12
_KEY: Final = 32
#: How many unwrapped keys are kept at hand; unwrapping one costs microseconds, reading it from the database more.
_AT_HAND: Final = 4096


class MasterKey:
    """The key that wraps every person's key. It never seals words itself."""

    def __init__(self, raw: bytes) -> None:
        if len(raw) != _KEY:
            raise SettingsError(
                f"The master key has {len(raw)} bytes; it needs {_KEY}. Make one with: openssl rand -base64 32"
            )
        self._raw = raw
        self._wrapper = AESGCM(raw)

    def wrap(self, key: bytes, person_id: str) -> bytes:
        """`key` as it may be stored."""
        nonce = os.urandom(_NONCE)
        return nonce + self._wrapper.encrypt(nonce, key, person_id.encode())

    def unwrap(self, wrapped: bytes, person_id: str) -> bytes:
        """The key that `wrap` was given.

        Raises:
            KeyGone: it was wrapped by another master key, or for another person.
        """
        try:
            return self._wrapper.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], person_id.encode())
        except InvalidTag:
            raise KeyGone(
                "The master key doesn't fit this database. "
                "Set TOWARD_KEY (or restore the key file) that it was made with."
            ) from None

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for another purpose (signing web sessions), independent of the master key itself."""
        return HKDF(algorithm=hashes.SHA256(), length=_KEY, salt=None, info=purpose.encode()).derive(self._raw)


def load_master_key(given: str, file: Path) -> MasterKey:
    """The master key from the setting, or from the key file, which is made (mode 0600) if there is none.

    Raises:
        SettingsError: neither can be read, or the file can't be made.
    """
    if given:
        return MasterKey(_decode(given, "TOWARD_KEY"))
    try:
        if file.exists():
            return MasterKey(_decode(file.read_text(encoding="ascii"), str(file)))
        file.parent.mkdir(parents=True, exist_ok=True)
        raw = os.urandom(_KEY)
        # Linked into its place when it is whole: a process that is killed here must not leave half a key.
        whole = file.with_name(f"{file.name}.{uuid.uuid4().hex}")
        descriptor = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(base64.b64encode(raw) + b"\n")
            out.flush()
            os.fsync(out.fileno())
        os.link(whole, file)
        os.unlink(whole)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The key file {file} can't be read or made ({error}). "
            "Set TOWARD_HOME to a folder that can be written, or TOWARD_KEY."
        ) from error
    return MasterKey(raw)


def _decode(text: str, where: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise SettingsError(f"{where} is not base64. Make a key with: openssl rand -base64 32") from None


class Keyring:
    """Seals and opens words with their person's key.

    Args:
        master: wraps the persons' keys.
        fetch: gives a person's wrapped key from the database, None if it was erased.
    """

    def __init__(self, master: MasterKey, fetch: Callable[[str], bytes | None]) -> None:
        self.master = master
        self._fetch = fetch
        self._keys: OrderedDict[str, AESGCM] = OrderedDict()
        self._lock = threading.Lock()

    def new_key(self, person_id: str) -> bytes:
        """Make a key for a new person and keep it at hand; returns it wrapped, to be stored."""
        key = AESGCM.generate_key(bit_length=256)
        self._keep(person_id, AESGCM(key))
        return self.master.wrap(key, person_id)

    def forget(self, person_id: str) -> None:
        """Drop a person's key from memory."""
        with self._lock:
            self._keys.pop(person_id, None)

    def seal(self, text: str, person_id: str, column: str) -> bytes:
        """Encrypt `text` for `person_id`. Lone surrogates survive."""
        nonce = os.urandom(_NONCE)
        owner = uuid.UUID(person_id).bytes
        sealed = self._key(person_id).encrypt(nonce, text.encode("utf-8", "surrogatepass"), owner + column.encode())
        return _VERSION + owner + nonce + sealed

    def open(self, sealed: bytes, column: str) -> str:
        """What `seal` was given.

        Raises:
            KeyGone: the person's key was erased, or the value was changed or moved.
        """
        owner, nonce, rest = sealed[1:17], sealed[17 : 17 + _NONCE], sealed[17 + _NONCE :]
        try:
            plain = self._key(uuid.UUID(bytes=owner).hex).decrypt(nonce, rest, owner + column.encode())
        except InvalidTag:
            raise KeyGone(
                f"A sealed value in {column} was changed or belongs elsewhere. Restore it from a backup."
            ) from None
        return plain.decode("utf-8", "surrogatepass")

    def _key(self, person_id: str) -> AESGCM:
        with self._lock:
            key = self._keys.get(person_id)
            if key is not None:
                self._keys.move_to_end(person_id)
                return key
        wrapped = self._fetch(person_id)
        if wrapped is None:
            raise KeyGone("This person's key was erased; their words can't be read any more.")
        key = AESGCM(self.master.unwrap(wrapped, person_id))
        self._keep(person_id, key)
        return key

    def _keep(self, person_id: str, key: AESGCM) -> None:
        with self._lock:
            self._keys[person_id] = key
            self._keys.move_to_end(person_id)
            while len(self._keys) > _AT_HAND:
                self._keys.popitem(last=False)
