"""Chapters of the primer: read from their files, checked, and shown as HTML."""
