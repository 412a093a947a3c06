"""Stories: one tender as data, carried through the doors people use. See `docs/stories.md`.

`python -m stories --input FILE.json --out DIR [--files DIR]` starts the whole system on a database
of its own, plays every part of the story over HTTP and websocket, checks the evidence as an
outsider would, and writes `summary.json` with the papers beside it. Exit 0: the procedure reached
its lawful end, a failed tender included; 1: a verification failed; 2: bad input, the JSON pointer
on stderr; 3: the environment.
"""

from __future__ import annotations
