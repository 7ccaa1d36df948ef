"""The outside world: websites, the language model, files."""
