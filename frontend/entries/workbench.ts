/** The expert's workbench: the bid's file beside a vote, or beside criteria and one's own score. */

import { onPage } from "../ui/dom";
import { startWorkbench } from "../workbench/bench";
import { startVote } from "../workbench/vote";

onPage("workbench", startWorkbench);
startVote();
