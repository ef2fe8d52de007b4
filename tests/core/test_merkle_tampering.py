import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.merkle import (
    EMPTY_ROOT,
    assemble,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from tests.core.merkle_by_definition import LEAVES, NODES, grow, mth

HASHES = st.binary(min_size=32, max_size=32)


def flipped(value: bytes, bit: int) -> bytes:
    return (int.from_bytes(value, "big") ^ (1 << bit)).to_bytes(32, "big")


class TestTampering:
    @given(st.data())
    def test_inclusion(self, data: st.DataObject) -> None:
        size = data.draw(st.integers(2, 600))
        position = data.draw(st.integers(0, size - 1))
        bit = data.draw(st.integers(0, 255))
        leaf, whole = LEAVES[position], mth(0, size)
        proof = assemble(inclusion_path(position, size), NODES)
        at = data.draw(st.integers(0, len(proof) - 1))
        other = data.draw(st.integers(0, size - 1).filter(lambda p: p != position))
        changed = [*proof[:at], flipped(proof[at], bit), *proof[at + 1 :]]
        assert not verify_inclusion(leaf, position, size, changed, whole)
        assert not verify_inclusion(flipped(leaf, bit), position, size, proof, whole)
        assert not verify_inclusion(leaf, position, size, proof, flipped(whole, bit))
        assert not verify_inclusion(leaf, other, size, proof, whole)
        assert not verify_inclusion(LEAVES[other], position, size, proof, whole)
        assert not verify_inclusion(leaf, position, size, [*proof, whole], whole)
        assert not verify_inclusion(leaf, position, size, [whole, *proof], whole)
        assert not verify_inclusion(leaf, position, size, proof[:at] + proof[at + 1 :], whole)
        assert not verify_inclusion(leaf, position, size * 2, proof, whole)
        assert not verify_inclusion(leaf, position, position, proof, whole)

    @given(st.data())
    def test_consistency(self, data: st.DataObject) -> None:
        new = data.draw(st.integers(2, 600))
        old = data.draw(st.integers(1, new - 1))
        bit = data.draw(st.integers(0, 255))
        before, after = mth(0, old), mth(0, new)
        proof = assemble(consistency_path(old, new), NODES)
        at = data.draw(st.integers(0, len(proof) - 1))
        changed = [*proof[:at], flipped(proof[at], bit), *proof[at + 1 :]]
        assert not verify_consistency(old, before, new, after, changed)
        assert not verify_consistency(old, flipped(before, bit), new, after, proof)
        assert not verify_consistency(old, before, new, flipped(after, bit), proof)
        assert not verify_consistency(old, after, new, before, proof)
        assert not verify_consistency(new, after, old, before, proof)
        assert not verify_consistency(old, before, new, after, [])
        assert not verify_consistency(old, before, new, after, [*proof, after])
        assert not verify_consistency(old, before, new, after, [before, *proof])
        assert not verify_consistency(old, before, new, after, proof[:at] + proof[at + 1 :])
        assert not verify_consistency(old, before, new * 2, after, proof)
        assert not verify_consistency(0, before, new, after, proof)
        assert not verify_consistency(new, before, new, after, proof)

    @given(st.data())
    def test_a_rewritten_past_has_no_consistency_proof(self, data: st.DataObject) -> None:
        new = data.draw(st.integers(2, 200))
        old = data.draw(st.integers(1, new))
        position = data.draw(st.integers(0, old - 1))
        rewritten = [*LEAVES[:position], LEAVES[-1], *LEAVES[position + 1 : new]]
        proof = assemble(consistency_path(old, new), grow(rewritten))
        assert not verify_consistency(old, mth(0, old), new, root(rewritten), proof)

    def test_a_proof_longer_than_its_tree(self) -> None:
        # Each fits the roots given; only its length says that these are not roots of such sizes.
        left, right = LEAVES[0], LEAVES[1]
        assert not verify_inclusion(right, 0, 1, [left], node_hash(left, right))
        proof = [*assemble(consistency_path(3, 4), NODES), left]
        before, after = node_hash(left, mth(0, 3)), node_hash(left, mth(0, 4))
        assert not verify_consistency(3, before, 4, after, proof)

    def test_size_zero_and_equal_sizes_speak_for_themselves(self) -> None:
        some, other = LEAVES[0], LEAVES[1]
        assert not verify_consistency(0, some, 0, some, [])
        assert not verify_consistency(0, EMPTY_ROOT, 0, some, [])
        assert not verify_consistency(0, some, 3, other, [])
        assert not verify_consistency(0, EMPTY_ROOT, 3, other, [some])
        assert not verify_consistency(3, some, 3, other, [])
        assert not verify_consistency(3, some, 3, some, [other])
        assert not verify_inclusion(some, 0, 0, [], some)

    @given(
        st.integers(-3, 2**70), st.integers(-3, 2**70), st.lists(st.binary(max_size=40), max_size=9)
    )
    def test_garbage_is_false_and_never_raises(
        self, first: int, second: int, proof: list[bytes]
    ) -> None:
        some, other = LEAVES[0], LEAVES[1]
        assert not verify_inclusion(some, first, second, proof, other)
        assert not verify_consistency(first, some, second, other, proof)

    @pytest.mark.parametrize("bad", [None, "text", 7, b"", b"short", b"x" * 33])
    def test_what_is_no_hash_is_false(self, bad: object) -> None:
        # As they come out of somebody's JSON, past any type checker.
        some = LEAVES[0]
        assert not verify_inclusion(bad, 0, 1, [], bad)  # type: ignore[arg-type]
        assert not verify_inclusion(some, 0, 2, [bad], some)  # type: ignore[list-item]
        assert not verify_consistency(1, bad, 1, bad, [])  # type: ignore[arg-type]
        assert not verify_consistency(1, some, 2, some, [bad])  # type: ignore[list-item]

    @pytest.mark.parametrize("bad", [None, "1", 1.0, b"one", -1])
    def test_what_is_no_size_is_false(self, bad: object) -> None:
        some = LEAVES[0]
        assert not verify_inclusion(some, bad, 1, [], some)  # type: ignore[arg-type]
        assert not verify_inclusion(some, 0, bad, [], some)  # type: ignore[arg-type]
        assert not verify_consistency(bad, some, 1, some, [])  # type: ignore[arg-type]
        assert not verify_consistency(1, some, bad, some, [])  # type: ignore[arg-type]
        assert not verify_consistency(bad, some, bad, some, [])  # type: ignore[arg-type]

    @given(HASHES, HASHES)
    def test_an_entry_cannot_pose_as_a_node(self, left: bytes, right: bytes) -> None:
        assert leaf_hash(left + right) != node_hash(left, right)
        assert leaf_hash(b"\x01" + left + right) != node_hash(left, right)
