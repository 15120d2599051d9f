"""The expected time and memory of a run."""
