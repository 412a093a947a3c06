/** Pages that wait for others draw themselves anew when what they wait for has happened. */

import { startFresh } from "../pages/fresh";

startFresh();
