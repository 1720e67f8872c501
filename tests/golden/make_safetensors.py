#!/usr/bin/env python3
"""Writes python.safetensors, as Python's own package has it, for tests/unit/test_safetensors.c."""
import pathlib

import numpy
from safetensors.numpy import save_file

save_file(
    {
        "weight": numpy.arange(6, dtype=numpy.float32).reshape(2, 3) / 4 - 0.5,
        "scalar": numpy.array(0.1, dtype=numpy.float64),
        "empty": numpy.zeros((0, 7), dtype=numpy.float32),
        "bytes": numpy.array([0, 1, 254, 255, 7], dtype=numpy.uint8),
        "flags": numpy.array([[True], [False], [True]]),
        "half": numpy.array([1, -2], dtype=numpy.float16),
        "Gr\u00f6\u00dfe \"0\"\n": numpy.array([-1, 2**62], dtype=numpy.int64),
    },
    pathlib.Path(__file__).parent / "python.safetensors",
    metadata={"program": "another", "note": "tab\tquote\" \u4e2d"},
)
