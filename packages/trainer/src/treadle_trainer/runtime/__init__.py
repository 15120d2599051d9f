"""Modules that every command of the trainer uses: events, problems, checkpoints and devices."""
