/** A bidder's pages of one lot: what is done on this machine is ticked by what really lies there. */

import { startBidHere } from "../pages/bid-here";

startBidHere();
