from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.merkle import (
    EMPTY_ROOT,
    Frontier,
    MissingNode,
    Node,
    assemble,
    consistency_path,
    frontier_nodes,
    inclusion_path,
    leaf_hash,
    node_hash,
    path_nodes,
    root,
    verify_consistency,
    verify_inclusion,
)
from tests.core.merkle_by_definition import (
    LEAVES,
    NODES,
    grow,
    mth,
    path_by_definition,
    subproof_by_definition,
)

# The reference tree of Certificate Transparency (google/certificate-transparency, also
# transparency-dev/merkle): eight entries and the root at every size.
CT_ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAF_1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
LEAF_4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
LEAF_6 = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f"
NODE_2_3 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
NODE_4_5 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
NODE_6_7 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
NODE_4_7 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
CT_INCLUSION = [
    (0, 1, []),
    (1, 2, [CT_ROOTS[1]]),
    (0, 8, [LEAF_1, NODE_2_3, NODE_4_7]),
    (5, 8, [LEAF_4, NODE_6_7, CT_ROOTS[4]]),
    (2, 3, [CT_ROOTS[2]]),
    (1, 5, [CT_ROOTS[1], NODE_2_3, LEAF_4]),
]
CT_CONSISTENCY = [
    (1, 1, []),
    (1, 8, [LEAF_1, NODE_2_3, NODE_4_7]),
    (6, 8, [NODE_4_5, NODE_6_7, CT_ROOTS[4]]),
    (2, 5, [NODE_2_3, LEAF_4]),
    (6, 7, [NODE_4_5, LEAF_6, CT_ROOTS[4]]),
]

EXHAUSTIVE = 130
SIZES = st.integers(1, len(LEAVES))


def hexes(hashes: list[bytes]) -> list[str]:
    return [value.hex() for value in hashes]


class TestReferenceTree:
    leaves = tuple(leaf_hash(entry) for entry in CT_ENTRIES)
    nodes = grow([leaf_hash(entry) for entry in CT_ENTRIES])
    roots = tuple(bytes.fromhex(value) for value in CT_ROOTS)

    @pytest.mark.parametrize("size", range(9))
    def test_roots(self, size: int) -> None:
        frontier = Frontier()
        frontier.append(self.leaves[:size])
        assert root(self.leaves[:size]).hex() == CT_ROOTS[size]
        assert frontier.root().hex() == CT_ROOTS[size]

    @pytest.mark.parametrize(("position", "size", "proof"), CT_INCLUSION)
    def test_inclusion(self, position: int, size: int, proof: list[str]) -> None:
        assert hexes(assemble(inclusion_path(position, size), self.nodes)) == proof
        hashes = [bytes.fromhex(value) for value in proof]
        leaf = self.leaves[position]
        assert verify_inclusion(leaf, position, size, hashes, self.roots[size])

    @pytest.mark.parametrize(("old", "new", "proof"), CT_CONSISTENCY)
    def test_consistency(self, old: int, new: int, proof: list[str]) -> None:
        assert hexes(assemble(consistency_path(old, new), self.nodes)) == proof
        hashes = [bytes.fromhex(value) for value in proof]
        assert verify_consistency(old, self.roots[old], new, self.roots[new], hashes)

    def test_examples_of_the_standard(self) -> None:
        # RFC 6962 §2.1.3, a tree of seven: a-j are leaves 0-6, then (0,1) (2,3) (4,5).
        assert [inclusion_path(position, 7) for position in (0, 3, 4, 6)] == [
            [((0, 1),), ((1, 1),), ((1, 2), (0, 6))],
            [((0, 2),), ((1, 0),), ((1, 2), (0, 6))],
            [((0, 5),), ((0, 6),), ((2, 0),)],
            [((1, 2),), ((2, 0),)],
        ]
        assert [consistency_path(old, 7) for old in (3, 4, 6)] == [
            [((0, 2),), ((0, 3),), ((1, 0),), ((1, 2), (0, 6))],
            [((1, 2), (0, 6))],
            [((1, 2),), ((0, 6),), ((2, 0),)],
        ]


class TestFrontier:
    def test_every_size_agrees_with_the_definition(self) -> None:
        frontier = Frontier()
        for size in range(EXHAUSTIVE):
            assert frontier.size == size
            assert frontier.root() == root(LEAVES[:size])
            frontier.append([LEAVES[size]])

    @given(st.lists(st.integers(0, 70), max_size=12))
    def test_batches_do_not_matter(self, batches: list[int]) -> None:
        frontier = Frontier()
        completed = []
        for batch in batches:
            completed += frontier.append(LEAVES[frontier.size : frontier.size + batch])
        at_once = Frontier().append(LEAVES[: sum(batches)])
        assert sorted(completed) == sorted(at_once)
        assert frontier.root() == (mth(0, frontier.size) if frontier.size else EMPTY_ROOT)

    @given(SIZES)
    def test_hands_out_each_perfect_subtree_once(self, size: int) -> None:
        completed = Frontier().append(LEAVES[:size])
        expected = {
            (level, index) for level in range(size.bit_length()) for index in range(size >> level)
        }
        assert len(completed) == len(expected)
        assert {(level, index) for level, index, _ in completed} == expected
        level, index, value = completed[-1]
        assert value == mth(index << level, (index + 1) << level)

    @given(SIZES, st.integers(0, 200))
    def test_goes_on_from_stored_nodes(self, size: int, more: int) -> None:
        frontier = Frontier.restore(size, {node: NODES[node] for node in frontier_nodes(size)})
        assert frontier.root() == mth(0, size)
        frontier.append(LEAVES[size : size + more])
        assert frontier.root() == mth(0, min(size + more, len(LEAVES)))

    def test_restore_names_a_missing_node(self) -> None:
        stored = {node: NODES[node] for node in frontier_nodes(13)}
        del stored[2, 2]
        with pytest.raises(MissingNode, match=r"level 2, index 2"):
            Frontier.restore(13, stored)

    def test_nodes_of_the_edge(self) -> None:
        assert frontier_nodes(0) == []
        assert frontier_nodes(13) == [(3, 0), (2, 2), (0, 12)]
        with pytest.raises(ValueError, match="outside the tree"):
            frontier_nodes(-1)


class TestPaths:
    def test_every_inclusion_up_to_130(self) -> None:
        for size in range(1, EXHAUSTIVE + 1):
            for position in range(size):
                proof = assemble(inclusion_path(position, size), NODES)
                assert proof == path_by_definition(position, 0, size)
                assert verify_inclusion(LEAVES[position], position, size, proof, mth(0, size))

    def test_every_consistency_up_to_130(self) -> None:
        for new in range(1, EXHAUSTIVE + 1):
            for old in range(1, new + 1):
                proof = assemble(consistency_path(old, new), NODES)
                assert proof == subproof_by_definition(old, 0, new, True)
                assert verify_consistency(old, mth(0, old), new, mth(0, new), proof)

    @given(st.data())
    def test_random_sizes(self, data: st.DataObject) -> None:
        size = data.draw(SIZES)
        position = data.draw(st.integers(0, size - 1))
        old = data.draw(st.integers(1, size))
        proof = assemble(inclusion_path(position, size), NODES)
        assert proof == path_by_definition(position, 0, size)
        assert verify_inclusion(LEAVES[position], position, size, proof, mth(0, size))
        proof = assemble(consistency_path(old, size), NODES)
        assert proof == subproof_by_definition(old, 0, size, True)
        assert verify_consistency(old, mth(0, old), size, mth(0, size), proof)

    def test_from_nothing_there_is_nothing_to_prove(self) -> None:
        for new in range(20):
            assert consistency_path(0, new) == []
            new_root = mth(0, new) if new else EMPTY_ROOT
            assert verify_consistency(0, EMPTY_ROOT, new, new_root, [])

    @pytest.mark.parametrize(("position", "size"), [(0, 0), (5, 5), (-1, 5), (6, 5)])
    def test_no_inclusion_outside_the_tree(self, position: int, size: int) -> None:
        with pytest.raises(ValueError, match="outside the tree"):
            inclusion_path(position, size)

    @pytest.mark.parametrize(("old", "new"), [(-1, 5), (6, 5)])
    def test_no_consistency_backwards(self, old: int, new: int) -> None:
        with pytest.raises(ValueError, match="outside the tree"):
            consistency_path(old, new)

    def test_assemble_names_a_missing_node(self) -> None:
        path = inclusion_path(3, 7)
        nodes = {node: NODES[node] for node in path_nodes(path) if node != (1, 2)}
        with pytest.raises(MissingNode, match=r"level 1, index 2"):
            assemble(path, nodes)


class Uniform(Mapping[Node, bytes]):
    """The nodes of a tree whose leaves are all the same, of any size."""

    def __init__(self) -> None:
        self.levels = [LEAVES[0]]
        for _ in range(63):
            self.levels.append(node_hash(self.levels[-1], self.levels[-1]))

    def __getitem__(self, node: Node) -> bytes:
        return self.levels[node[0]]

    def __iter__(self) -> Iterator[Node]:
        raise AssertionError("nobody walks through a tree")

    def __len__(self) -> int:
        raise AssertionError("nobody counts a tree")


class TestHugeTrees:
    """Cost and correctness far beyond what a test can build: up to 2**62 entries."""

    nodes = Uniform()

    @given(st.data())
    def test_inclusion(self, data: st.DataObject) -> None:
        size = data.draw(st.integers(1, 2**62))
        position = data.draw(st.integers(0, size - 1))
        path = inclusion_path(position, size)
        self.check_cost(path_nodes(path), size)
        whole = Frontier.restore(size, self.nodes).root()
        proof = assemble(path, self.nodes)
        assert verify_inclusion(LEAVES[0], position, size, proof, whole)
        assert not verify_inclusion(LEAVES[1], position, size, proof, whole)

    @given(st.data())
    def test_consistency(self, data: st.DataObject) -> None:
        new = data.draw(st.integers(1, 2**62))
        old = data.draw(st.integers(1, new))
        path = consistency_path(old, new)
        self.check_cost(path_nodes(path), new)
        old_root = Frontier.restore(old, self.nodes).root()
        new_root = Frontier.restore(new, self.nodes).root()
        proof = assemble(path, self.nodes)
        assert verify_consistency(old, old_root, new, new_root, proof)
        assert not verify_consistency(old, LEAVES[1], new, new_root, proof)

    @staticmethod
    def check_cost(nodes: list[Node], size: int) -> None:
        assert len(nodes) <= 2 * size.bit_length()
        assert len(set(nodes)) == len(nodes)
        assert all((index + 1) << level <= size for level, index in nodes)
