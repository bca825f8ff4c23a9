"""What the figures of themes say: which of them rise and fall."""
