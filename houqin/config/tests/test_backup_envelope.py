"""The envelope of a backup: what was sealed is opened, and every change to it is noticed."""

import io

import pytest
from django.utils import translation

from houqin.config.backup.envelope import CHUNK, TAG, Opener, Sealer
from houqin.core.scope.refusals import Refused

PASSPHRASE = "nine brass kettles"


def sealed(content: bytes, passphrase: str = PASSPHRASE) -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, passphrase)
    sealer.write(content)
    sealer.finish()
    return file.getvalue()


def opened(content: bytes, passphrase: str = PASSPHRASE) -> bytes:
    return Opener(io.BytesIO(content), passphrase).read()


HEAD = len(sealed(b"")) - TAG


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_what_was_sealed_is_opened_and_nothing_of_it_shows(size: int) -> None:
    content = b"\x07" * size
    written = sealed(content)
    assert opened(written) == content
    assert len(written) == HEAD + size + TAG * max(1, -(-size // CHUNK))
    assert b"\x07" * 8 not in written


def test_another_passphrase_opens_nothing() -> None:
    with translation.override("en"), pytest.raises(Refused, match="passphrase does not open"):
        opened(sealed(b"x"), "nine brass kettle")


@pytest.mark.parametrize("at", [HEAD, HEAD + CHUNK, HEAD + CHUNK + TAG + 5, -1])
def test_a_changed_byte_anywhere_is_noticed(at: int) -> None:
    written = bytearray(sealed(b"a" * (2 * CHUNK + 9)))
    written[at] ^= 1
    with translation.override("en"), pytest.raises(Refused, match="altered or cut short"):
        opened(bytes(written))


@pytest.mark.parametrize("left", [HEAD + CHUNK + TAG, HEAD + 2 * (CHUNK + TAG), HEAD + 100])
def test_a_file_that_was_cut_off_is_noticed_also_between_two_chunks(left: int) -> None:
    with translation.override("en"), pytest.raises(Refused, match="cut short"):
        opened(sealed(b"a" * (2 * CHUNK + 9))[:left])


def test_two_chunks_that_changed_places_are_noticed() -> None:
    written, step = sealed(b"a" * CHUNK + b"b" * CHUNK + b"c"), CHUNK + TAG
    one, two = written[HEAD : HEAD + step], written[HEAD + step : HEAD + 2 * step]
    with pytest.raises(Refused):
        opened(written[:HEAD] + two + one + written[HEAD + 2 * step :])
