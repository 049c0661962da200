"""What the views of all areas share: who may see a page, how it is sent, spans of time in words."""
