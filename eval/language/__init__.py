"""What the language model is made from and measured on: word lists, made-up texts, the suite."""
