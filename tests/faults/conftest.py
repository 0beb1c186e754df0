"""Lets the laboratory's own assertions say what they compared."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.faults.invariants", "tests.faults.ack_witness")
