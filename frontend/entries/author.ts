/** Pages of the tender side: the criteria builder, the price simulator, the qualification review. */

import { startCriteria } from "../author/criteria";
import { startReviews } from "../author/reviews";
import { startSimulator } from "../author/simulator";

startCriteria();
startReviews();
startSimulator();
