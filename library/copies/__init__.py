"""Near-duplicates: one recording in several files, which differ by rate, level, codec, silence."""
