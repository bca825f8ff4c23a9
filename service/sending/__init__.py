"""Sends approved messages to customers and takes in what comes back."""
