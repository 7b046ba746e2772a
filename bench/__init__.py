"""Races of Cornu against the originals: `python -m bench --help`."""
