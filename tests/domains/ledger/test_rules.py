import tracemalloc
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from api.core.merkle import EMPTY_ROOT
from api.core.notes import Signer, generate_key, sign, sign_text
from api.domains.ledger.export import entry_line
from api.domains.ledger.rules import MAX_OF_A_KIND, Problem, verify_log
from api.domains.ledger.vocabulary import Fault
from tests.domains.ledger.logs import (
    FORGED,
    ORIGIN,
    SIGNER,
    VKEY,
    body_of,
    checkpoint_of,
    log,
    log_of,
)

SIZE = 40
SIZES = [0, 10, 20, 30, 40]
LOG = log(SIZE, SIZES)


def renumbered(bodies: list[bytes]) -> list[bytes]:
    return [entry_line(position, body) for position, body in enumerate(bodies)]


class TestIntact:
    def test_the_whole_log(self) -> None:
        verdict = verify_log(LOG.lines, LOG.notes, VKEY)
        assert verdict.intact
        assert (verdict.entries, verdict.size) == (SIZE, SIZE)
        assert verdict.root == checkpoint_of(LOG.bodies).root
        assert verdict.first_bad is None

    @given(st.integers(0, 80), st.sets(st.integers(0, 80)), st.sets(st.integers(0, 80)))
    def test_any_checkpoints_that_end_with_the_newest(
        self, size: int, signed: set[int], seen: set[int]
    ) -> None:
        exported = log(size, sorted({s for s in signed if s < size} | {size}))
        known = [checkpoint_of(exported.bodies[:s]) for s in seen if s <= size]
        verdict = verify_log(exported.lines, exported.notes, VKEY, known=known)
        assert verdict.problems == ()
        assert verdict.size == size

    def test_lines_as_text_and_checkpoints_twice(self) -> None:
        lines = [line.decode() for line in LOG.lines]
        notes = [note for note in LOG.notes for _ in range(2)]
        assert verify_log(lines, notes, VKEY).intact

    def test_the_empty_log(self) -> None:
        verdict = verify_log([], log(0, [0]).notes, VKEY)
        assert verdict.intact
        assert verdict.root == EMPTY_ROOT

    def test_longer_than_a_batch(self) -> None:
        exported = log(2_500, [999, 1_024, 2_048, 2_500])
        known = [checkpoint_of(exported.bodies[:2_047])]
        assert verify_log(exported.lines, exported.notes, VKEY, known=known).intact

    def test_signatures_of_witnesses_do_not_disturb(self) -> None:
        witness = Signer("witness.example", generate_key())
        seen = checkpoint_of(LOG.bodies, witness.name)
        cosigned = LOG.notes[-1] + sign(seen, witness).splitlines(keepends=True)[-1]
        assert verify_log(LOG.lines, [*LOG.notes[:-1], cosigned], VKEY).intact


class TestChangedEntries:
    @given(st.integers(0, SIZE - 1))
    def test_a_changed_body_lies_between_two_checkpoints(self, position: int) -> None:
        bodies = [*LOG.bodies[:position], FORGED, *LOG.bodies[position + 1 :]]
        verdict = verify_log(renumbered(bodies), LOG.notes, VKEY)
        start = position // 10 * 10
        number = SIZES.index(start + 10)
        expected = Problem(Fault.CHANGED_ENTRIES, start, start + 9, number)
        assert verdict.problems == (expected,)
        assert verdict.size == start
        assert verdict.first_bad == start

    @given(st.integers(0, SIZE - 1), st.integers(0, 10_000), st.integers(0, 7))
    def test_any_single_bit(self, position: int, at: int, bit: int) -> None:
        body = bytearray(LOG.bodies[position])
        body[at % len(body)] ^= 1 << bit
        line = b'{"position":%d,"body":"%b"}\n' % (
            position,
            bytes(body).replace(b"\\", b"\\\\").replace(b'"', b'\\"'),
        )
        lines = [*LOG.lines[:position], line, *LOG.lines[position + 1 :]]
        verdict = verify_log(lines, LOG.notes, VKEY)
        assert not verdict.intact
        assert verdict.first_bad is not None
        assert position // 10 * 10 <= verdict.first_bad <= position
        assert verdict.size <= position

    def test_a_witness_narrows_it_down(self) -> None:
        bodies = [*LOG.bodies[:17], FORGED, *LOG.bodies[18:]]
        known = [checkpoint_of(LOG.bodies[:16]), checkpoint_of(LOG.bodies[:18])]
        verdict = verify_log(renumbered(bodies), LOG.notes, VKEY, known=known)
        assert verdict.problems == (Problem(Fault.CHANGED_ENTRIES, 16, 17),)

    def test_a_body_that_no_ledger_wrote_is_named_itself(self) -> None:
        spaced = LOG.bodies[23].replace(b":", b": ", 1)
        bodies = [*LOG.bodies[:23], spaced, *LOG.bodies[24:]]
        verdict = verify_log(renumbered(bodies), LOG.notes, VKEY)
        assert verdict.problems == (
            Problem(Fault.CHANGED_ENTRIES, 20, 29, 3),
            Problem(Fault.NOT_CANONICAL, 23, 23),
        )

    def test_a_body_that_is_not_canonical_is_named_even_if_it_was_signed(self) -> None:
        exported = log_of([body_of(0), b'{"b":1,"a":2}'], [2])
        verdict = verify_log(exported.lines, exported.notes, VKEY)
        assert verdict.problems == (Problem(Fault.NOT_CANONICAL, 1, 1),)

    def test_an_inserted_entry(self) -> None:
        bodies = [*LOG.bodies[:12], FORGED, *LOG.bodies[12:]]
        assert verify_log(renumbered(bodies), LOG.notes, VKEY).problems == (
            Problem(Fault.CHANGED_ENTRIES, 10, 19, 2),
            Problem(Fault.UNSIGNED_TAIL, 40, 40),
        )

    def test_a_removed_entry_with_the_others_moved_up(self) -> None:
        bodies = [*LOG.bodies[:12], *LOG.bodies[13:]]
        assert verify_log(renumbered(bodies), LOG.notes, VKEY).problems == (
            Problem(Fault.CHANGED_ENTRIES, 10, 19, 2),
            Problem(Fault.TRUNCATED, 39, 39),
        )


class TestPositions:
    def check(self, lines: list[bytes], *expected: Problem, size: int) -> None:
        verdict = verify_log(lines, LOG.notes, VKEY)
        assert verdict.problems == expected
        assert (verdict.entries, verdict.size) == (len(lines), size)

    def test_missing(self) -> None:
        lines = LOG.lines[:13] + LOG.lines[15:]
        self.check(lines, Problem(Fault.MISSING_POSITION, 13, 14), size=10)

    def test_the_first_missing(self) -> None:
        self.check(LOG.lines[1:], Problem(Fault.MISSING_POSITION, 0, 0), size=0)

    def test_duplicated(self) -> None:
        lines = [*LOG.lines[:26], LOG.lines[25], *LOG.lines[26:]]
        self.check(lines, Problem(Fault.DUPLICATED_POSITION, 25, 25), size=20)

    def test_duplicated_with_another_body(self) -> None:
        lines = [*LOG.lines[:26], entry_line(3, FORGED), *LOG.lines[26:]]
        self.check(lines, Problem(Fault.DUPLICATED_POSITION, 3, 3), size=20)

    def test_two_exchanged(self) -> None:
        lines = [*LOG.lines[:21], LOG.lines[22], LOG.lines[21], *LOG.lines[23:]]
        self.check(lines, Problem(Fault.REORDERED_POSITION, 21, 21), size=20)

    def test_some_moved_to_the_end(self) -> None:
        lines = LOG.lines[:5] + LOG.lines[8:] + LOG.lines[5:8]
        self.check(lines, Problem(Fault.REORDERED_POSITION, 5, 7), size=0)

    def test_a_line_that_is_no_entry(self) -> None:
        lines = [*LOG.lines[:31], b'{"position":31}\n', *LOG.lines[32:]]
        self.check(lines, Problem(Fault.MALFORMED_ENTRY, 31, 31), size=30)

    def test_a_few_of_a_kind_are_enough(self) -> None:
        lines = [b"?\n"] * SIZE
        verdict = verify_log(lines, LOG.notes, VKEY)
        assert [p.first for p in verdict.problems] == list(range(MAX_OF_A_KIND))

    @given(st.permutations(range(SIZE)), st.integers(0, SIZE))
    def test_no_other_order_and_no_part_is_intact(self, order: list[int], kept: int) -> None:
        lines = [LOG.lines[position] for position in order[:kept]]
        wrong = next(
            (at for at in range(SIZE) if at >= kept or order[at] != at),
            None,
        )
        verdict = verify_log(lines, LOG.notes, VKEY)
        assert verdict.first_bad == wrong


class TestTruncation:
    @given(st.integers(0, SIZE - 1))
    def test_entries_short_of_the_newest_checkpoint(self, kept: int) -> None:
        verdict = verify_log(LOG.lines[:kept], LOG.notes, VKEY)
        assert verdict.problems == (Problem(Fault.TRUNCATED, kept, SIZE - 1),)
        assert verdict.size == kept // 10 * 10

    def test_entries_and_checkpoints_short_of_what_a_witness_holds(self) -> None:
        known = [checkpoint_of(LOG.bodies[:35])]
        verdict = verify_log(LOG.lines[:30], LOG.notes[:4], VKEY, known=known)
        assert verdict.problems == (Problem(Fault.TRUNCATED, 30, 34),)

    def test_entries_after_the_newest_checkpoint_are_not_proven(self) -> None:
        verdict = verify_log(LOG.lines, LOG.notes[:4], VKEY)
        assert verdict.problems == (Problem(Fault.UNSIGNED_TAIL, 30, 39),)
        assert verdict.size == 30


class TestCheckpoints:
    def check(self, notes: list[str], *expected: Problem, size: int = SIZE) -> None:
        verdict = verify_log(LOG.lines, notes, VKEY)
        assert verdict.problems == expected
        assert verdict.size == size

    def test_forged_signature(self) -> None:
        other = sign(checkpoint_of(self.tampered()), SIGNER)
        stolen = other.split("\n\n")[0] + "\n\n" + LOG.notes[2].split("\n\n")[1]
        notes = [*LOG.notes[:2], stolen, *LOG.notes[3:]]
        self.check(notes, Problem(Fault.FORGED_SIGNATURE, checkpoint=2))

    def test_nothing_hides_behind_a_forged_newest(self) -> None:
        changed = LOG.notes[4].replace(f"{ORIGIN}\n40\n", f"{ORIGIN}\n39\n", 1)
        self.check(
            [*LOG.notes[:4], changed],
            Problem(Fault.UNSIGNED_TAIL, 30, 39),
            Problem(Fault.FORGED_SIGNATURE, checkpoint=4),
            size=30,
        )

    def test_wrong_key(self) -> None:
        impostor = Signer(ORIGIN, generate_key())
        notes = log_of(LOG.bodies, [40], impostor).notes
        self.check(
            notes, Problem(Fault.WRONG_KEY, checkpoint=0), Problem(Fault.NO_CHECKPOINT), size=0
        )

    def test_malformed(self) -> None:
        notes = ["hello", *LOG.notes]
        self.check(notes, Problem(Fault.MALFORMED_CHECKPOINT, checkpoint=0))

    def test_of_another_log_by_the_same_key(self) -> None:
        other = sign_text(checkpoint_of(LOG.bodies[:5], "another.example/ledger").text, SIGNER)
        self.check([other, *LOG.notes], Problem(Fault.WRONG_ORIGIN, checkpoint=0))

    def test_out_of_order(self) -> None:
        notes = [LOG.notes[1], LOG.notes[3], LOG.notes[2], LOG.notes[4]]
        self.check(notes, Problem(Fault.CHECKPOINT_ORDER, checkpoint=2))

    def test_none(self) -> None:
        self.check([], Problem(Fault.NO_CHECKPOINT), size=0)

    def test_a_key_that_is_none(self) -> None:
        verdict = verify_log(LOG.lines, LOG.notes, "nonsense")
        assert verdict.problems == (Problem(Fault.MALFORMED_KEY),)
        assert verdict.entries == 0

    @staticmethod
    def tampered() -> list[bytes]:
        return [*LOG.bodies[:15], FORGED, *LOG.bodies[16:20]]


@given(
    st.lists(st.binary(max_size=30) | st.sampled_from(LOG.lines), max_size=20),
    st.lists(st.text(max_size=30) | st.sampled_from(LOG.notes), max_size=5),
    st.text(max_size=10) | st.just(VKEY),
)
def test_garbage_is_never_intact_and_never_raises(
    lines: list[bytes], notes: list[str], vkey: str
) -> None:
    verdict = verify_log(lines, notes, vkey)
    assert not verdict.intact or (lines == [] and notes and set(notes) == {LOG.notes[0]})


def test_memory_does_not_grow_with_the_ledger() -> None:
    body = body_of(0)

    def lines(count: int) -> Iterator[bytes]:
        return (entry_line(position, body) for position in range(count))

    def peak(count: int) -> int:
        tracemalloc.start()
        verify_log(lines(count), [], VKEY)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(3_000)
    assert peak(30_000) < 1.5 * peak(3_000)
