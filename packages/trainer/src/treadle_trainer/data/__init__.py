"""Rows, splits and tokens."""
