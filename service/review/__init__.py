"""Pages for people: server-rendered, no request to any other host, usable without JavaScript."""
