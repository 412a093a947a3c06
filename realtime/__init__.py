"""Live halls and rooms: what the streams of events say, told to whoever may hear it.

Nothing of the system knows this package. It reads streams that others have written, in order and
without a gap, and forgets everything when the process ends; without it the system is still
correct, only not live.
"""
