"""Price formulas, panel results and ranking: pure, exact, without a database.

`evaluate(case)` does the whole way from prices and scores to ranks; its parts stand alone for
those who need only one of them.
"""

from __future__ import annotations

from core.formulas.authoring import Fault, authoring_faults
from core.formulas.case import Case, Outcome, Rules, evaluate
from core.formulas.criteria import Criteria, Criterion, Kind
from core.formulas.errors import BadFormula, NotBuilt
from core.formulas.pricing import PricedBid, PriceScore, Pricing
from core.formulas.ranking import Ranked, Ranking, Standing, check_tie_rule, rank
from core.formulas.registry import METHODS, NOT_BUILT, read_formula
from core.formulas.rejection import Rejection, over_ceiling
from core.formulas.scores import OutlierRule, PanelResult, Score, panel_results
from core.formulas.wire import read_case, write_outcome
from core.formulas.working import Label, Line

__all__ = [
    "METHODS",
    "NOT_BUILT",
    "BadFormula",
    "Case",
    "Criteria",
    "Criterion",
    "Fault",
    "Kind",
    "Label",
    "Line",
    "NotBuilt",
    "Outcome",
    "OutlierRule",
    "PanelResult",
    "PriceScore",
    "PricedBid",
    "Pricing",
    "Ranked",
    "Ranking",
    "Rejection",
    "Rules",
    "Score",
    "Standing",
    "authoring_faults",
    "check_tie_rule",
    "evaluate",
    "over_ceiling",
    "panel_results",
    "rank",
    "read_case",
    "read_formula",
    "write_outcome",
]
