"""Where answers come from: files of feedback, read row by row."""
