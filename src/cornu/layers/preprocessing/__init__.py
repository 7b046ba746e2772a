"""Layers that turn raw data into numbers a network can use."""
