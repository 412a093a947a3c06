/** The expert's scoring workbench: criteria, the bid's file and one's own score side by side. */

import { onPage } from "../ui/dom";
import { startWorkbench } from "../workbench/bench";

onPage("workbench", startWorkbench);
