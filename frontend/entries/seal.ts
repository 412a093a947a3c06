/** Pages on which bids are made, sealed, delivered and released. */

import { startBidBuild } from "../pages/bid-build";
import { startHostKey } from "../pages/host-key";
import { startHostTest } from "../pages/host-test";
import { startHostRelease } from "../pages/host-release";
import { startOpeningKey } from "../pages/opening-key";
import { startRelease } from "../pages/release";
import { startSeal } from "../pages/seal";
import { startBlock } from "../signing/block";
import { startSignedForms } from "../signing/forms";
import { onPage } from "../ui/dom";

onPage("sign-block", startBlock);
startSignedForms();
startOpeningKey();
startBidBuild();
startSeal();
startRelease();
startHostKey();
startHostTest();
startHostRelease();
