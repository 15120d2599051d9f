"""Model files: GGUF, ONNX and adapters."""
