"""What a sound sounds like: tempo, key, kind, class, onsets, likeness; numpy at run time."""
