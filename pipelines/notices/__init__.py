"""What people are told, whom it is told to and when, and in which words."""
