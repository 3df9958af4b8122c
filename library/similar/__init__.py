"""Sounds that are like a sound: the numbers of one person's library in one file, and the search."""
