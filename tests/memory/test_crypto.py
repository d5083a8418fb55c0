"""Keys: what is sealed for one person opens for nobody else, and not at all once the key is gone."""

from __future__ import annotations

import os
import stat
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import KeyGone, SettingsError
from bot.memory.crypto import Keyring, MasterKey, load_master_key

ANNA, BEN = uuid.uuid4().hex, uuid.uuid4().hex


def keyring(master: MasterKey | None = None) -> Keyring:
    stored: dict[str, bytes] = {}
    ring = Keyring(master or MasterKey(bytes(32)), stored.get)
    for person in (ANNA, BEN):
        stored[person] = ring.new_key(person)
    ring.stored = stored  # type: ignore[attr-defined]
    return ring


RING = keyring()


@given(st.text(st.characters(min_codepoint=0, max_codepoint=0x10FFFF)))
def test_whatever_a_person_writes_comes_back_as_it_was(text: str) -> None:
    sealed = RING.seal(text, ANNA, "inbox.text")
    assert RING.open(sealed, "inbox.text") == text
    if len(text) >= 4:
        assert text.encode("utf-8", "surrogatepass") not in sealed


def test_the_same_words_never_look_the_same_twice() -> None:
    assert RING.seal("he was kind today", ANNA, "c") != RING.seal("he was kind today", ANNA, "c")


def test_a_value_moved_to_another_column_does_not_open() -> None:
    sealed = RING.seal("only for the inbox", ANNA, "inbox.text")
    with pytest.raises(KeyGone):
        RING.open(sealed, "memory.value")


def test_a_value_moved_to_another_person_does_not_open() -> None:
    sealed = RING.seal("only for anna", ANNA, "c")
    moved = sealed[:1] + uuid.UUID(BEN).bytes + sealed[17:]
    with pytest.raises(KeyGone):
        RING.open(moved, "c")


def test_a_changed_value_does_not_open() -> None:
    sealed = bytearray(RING.seal("as it was", ANNA, "c"))
    sealed[-1] ^= 1
    with pytest.raises(KeyGone):
        RING.open(bytes(sealed), "c")


def test_without_the_persons_key_nothing_opens() -> None:
    ring = keyring()
    sealed = ring.seal("soon forgotten", ANNA, "c")
    ring.stored.pop(ANNA)  # type: ignore[attr-defined]
    ring.forget(ANNA)
    with pytest.raises(KeyGone, match="erased"):
        ring.open(sealed, "c")


def test_another_master_key_opens_nothing_and_says_what_to_do() -> None:
    wrapped = MasterKey(bytes(32)).wrap(bytes(range(32)), ANNA)
    with pytest.raises(KeyGone, match="TOWARD_KEY"):
        MasterKey(b"\x01" * 32).unwrap(wrapped, ANNA)


def test_a_wrapped_key_does_not_open_for_another_person() -> None:
    master = MasterKey(bytes(32))
    with pytest.raises(KeyGone):
        master.unwrap(master.wrap(bytes(range(32)), ANNA), BEN)


def test_the_key_file_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "home" / "toward.key"
    first = load_master_key("", file)
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert load_master_key("", file).derive("x") == first.derive("x")


def test_keys_for_other_purposes_differ() -> None:
    master = MasterKey(bytes(32))
    assert master.derive("web sessions") != master.derive("something else")


@pytest.mark.parametrize("given", ["not base64!", "c2hvcnQ="])
def test_a_wrong_master_key_is_refused_with_the_way_to_make_one(given: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="openssl rand"):
        load_master_key(given, tmp_path / "k")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(SettingsError, match="TOWARD_HOME"):
        load_master_key("", blocked / "toward.key")
