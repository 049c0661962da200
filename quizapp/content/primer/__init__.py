"""Chapters of the primer: what they consist of, their drawings, and both as HTML."""
