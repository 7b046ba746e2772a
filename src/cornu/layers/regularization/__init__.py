"""Dropout of several kinds, noise, ActivityRegularization."""
