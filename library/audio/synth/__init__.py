"""A small deterministic synthesiser: drums, basses, chords, voices and effects.

Every recipe is a frozen dataclass of musical settings that is called with a
Studio (a rate and a seeded generator) and answers float64 audio, either one
channel as a vector of frames or two as frames x 2. Only numpy makes the sound.
"""
