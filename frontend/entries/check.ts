/** The page on which a machine is tried out before it matters. */

import { startRehearsal } from "../pages/rehearsal";

startRehearsal();
