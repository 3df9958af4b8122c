"""What programs wrote into sound files about the music in them. Read with bounds, believed never.

Nothing here raises for what a file holds: lengths that lie, counts without end and numbers that
are none say nothing. No decoder is loaded, and no more is read than the constants allow.
"""
