"""What a procedure of a legal track means, for packages above trading."""

from __future__ import annotations

from trading.domain.procedures import ProcedureRules, rules_of

__all__ = ["ProcedureRules", "rules_of"]
