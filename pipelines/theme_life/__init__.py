"""The life of themes: found, matched with those known, edited by people, watched."""
