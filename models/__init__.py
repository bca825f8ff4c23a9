"""Text to numbers: encoder, neutral space, language, excerpts, sentiment, signals and themes."""
