"""The benchmark runs by hand, so what it borrows of the program is held to be there."""

import importlib

import pytest


@pytest.mark.parametrize(
    "name", ["__main__", "bulk", "bulk_data", "bulk_floor", "land", "pools", "report"]
)
def test_the_benchmark_finds_what_it_borrows(name: str) -> None:
    assert importlib.import_module(f"bench.{name}").__doc__
