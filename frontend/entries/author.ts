/** Pages of the tender side: criteria, formula, price simulator, addenda, qualification review. */

import { startClauses } from "../author/clauses";
import { startCriteria } from "../author/criteria";
import { startFormula } from "../author/formula";
import { startReviews } from "../author/reviews";
import { startSimulator } from "../author/simulator";

startFormula();
startCriteria();
startSimulator();
startClauses();
startReviews();
