"""The demo's world: tenders at every stage, made by the same acts that people do.

Nothing is written past the services, so whatever stands here could have happened: every act is a
command under its id, signed where the law asks for it, at its own moment of the story's clock.

`plans` says what there is, `courses` what happens to one tender and when, `schedule` lets all of
them happen in the order of time; `cast`, `authoring`, `bidding`, `hall`, `panel` and `award` do
the acts, `card` tells a person how to come in.
"""

from __future__ import annotations
