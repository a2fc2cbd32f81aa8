"""What only this app may read: tokens, client secrets and buyer data are encrypted at rest.

The key is a comma-separated list of Fernet keys: the first encrypts, all of them decrypt, so a key
is rotated by putting a new one in front (Fernet is AES-128 in CBC mode with an HMAC).
"""

import hmac
import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from saleor_amazon_app.core.errors import AppError

_HASHES_WORDS = b"words of buyers"
# So many that no two words of a shop meet by chance.
_HASH_BYTES = 16


class SecretsError(AppError):
    """The key is no key, or it is not the one that the stored value was encrypted with."""


@dataclass(frozen=True, slots=True, repr=False)
class Cipher:
    """Encrypts and decrypts JSON values with the app's keys, and hashes words with them.

    Attributes:
        hash_keys: derived from the keys, newest first.
    """

    keys: MultiFernet
    hash_keys: tuple[bytes, ...]

    @classmethod
    def of(cls, keys: SecretStr) -> "Cipher":
        """Makes the cipher of a comma-separated list of keys, newest first.

        Raises:
            SecretsError: one of them is not a Fernet key.
        """
        try:
            named = [key.strip() for key in keys.get_secret_value().split(",")]
            parts = [Fernet(key) for key in named]
        except ValueError as error:
            raise SecretsError(
                "SALEOR_AMAZON_KEY must be 32 url-safe base64-encoded bytes, "
                "or several such keys separated by commas"
            ) from error
        hash_keys = (hmac.digest(key.encode(), _HASHES_WORDS, "sha256") for key in named)
        return cls(MultiFernet(parts), tuple(hash_keys))

    def hashed(self, word: str) -> bytes:
        """What stands for a word where it must be found again, but not be read."""
        return self.hashes(word)[0]

    def hashes(self, word: str) -> tuple[bytes, ...]:
        """All that may stand for a word while some hashes are older than the newest key."""
        return tuple(
            hmac.digest(key, word.encode(), "sha256")[:_HASH_BYTES] for key in self.hash_keys
        )

    def encrypt_json(self, value: Any) -> bytes:
        """Encrypts a JSON-able value; decimals must be strings in it."""
        return self.keys.encrypt(json.dumps(value, separators=(",", ":")).encode())

    def decrypt_json(self, token: bytes) -> Any:
        """Reads back what `encrypt_json` made.

        Raises:
            SecretsError: it was encrypted with a key that is not in the list.
        """
        try:
            return json.loads(self.keys.decrypt(token), parse_float=Decimal)
        except InvalidToken as error:
            raise _unreadable() from error

    def renewed(self, token: bytes) -> bytes:
        """Encrypts the same value with the newest key.

        Raises:
            SecretsError: it was encrypted with a key that is not in the list.
        """
        try:
            return self.keys.rotate(token)
        except InvalidToken as error:
            raise _unreadable() from error

    def encrypt_text(self, text: SecretStr) -> bytes:
        """Encrypts a token or client secret."""
        return self.encrypt_json(text.get_secret_value())

    def decrypt_text(self, token: bytes) -> SecretStr:
        """Reads back what `encrypt_text` made.

        Raises:
            SecretsError: it was encrypted with a key that is not in the list.
        """
        return SecretStr(self.decrypt_json(token))


def _unreadable() -> SecretsError:
    return SecretsError(
        "A stored secret cannot be read with SALEOR_AMAZON_KEY; "
        "add the key it was encrypted with to the list"
    )


def new_key() -> SecretStr:
    """Makes a key for `SALEOR_AMAZON_KEY`."""
    return SecretStr(Fernet.generate_key().decode())


def key_of(data_dir: Path) -> SecretStr:
    """Reads the key of a data directory, making it at the first call; mode 0600.

    Two processes that start at once end up with the same key: the file appears whole or not at
    all, and the first one wins.
    """
    path = data_dir / "key"
    if not path.exists():
        # A temporary file of this kind is readable by its owner alone from the start.
        file, draft = tempfile.mkstemp(prefix="key.", dir=data_dir)
        with os.fdopen(file, "w") as stream:
            stream.write(new_key().get_secret_value())
            stream.flush()
            os.fsync(file)
        with suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return SecretStr(path.read_text().strip())
