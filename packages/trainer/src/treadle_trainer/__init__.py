"""Fine-tunes language models: reads a job folder, and writes events, checkpoints and a result into it. Never uses the network."""

VERSION = "0.1.0"
