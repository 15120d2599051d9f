"""Fine-tunes language models: reads a job folder, writes events, checkpoints and a result beside it. Reaches no network."""

VERSION = "0.1.0"
