"""The job file of a run."""
