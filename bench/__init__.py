"""Benchmarks: what is measured, beside its peers in the same run."""
