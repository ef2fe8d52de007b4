"""Real data and golden cases that live beside the repository, not in it."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared_data(*parts: str) -> Path:
    """Path below ``../shared/data``; the test is skipped where that folder is absent."""
    if not ROOT.is_dir():
        pytest.skip("golden data not found beside the checkout at ../shared/data")
    path = ROOT.joinpath(*parts)
    assert path.exists(), f"golden data folder is there, but {'/'.join(parts)} is not"
    return path
