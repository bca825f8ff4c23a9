"""The running product: HTTP, pages, storage, files, settings and the command line."""
