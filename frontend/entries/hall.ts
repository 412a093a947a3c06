/** The opening hall, the opening desk and the supervisor's watch. */

import { startDesk } from "../hall/desk";
import { startHall } from "../hall/hall";

startHall();
startDesk();
