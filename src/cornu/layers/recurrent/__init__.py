"""Layers that walk through sequences step by step, and wrappers that apply layers to steps."""
