"""Training of the reference model: data, tokenizer, model, schedule (PyTorch, tokenizers, numpy)."""
