"""Signatures, anchors and time stamps: bytes in, a verdict out; no disk, no clock, no process."""
