"""Completions, verdicts and round-to-nearest quantization of the reference model."""
