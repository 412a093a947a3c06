/** Pages with a form that is signed with a certificate. */

import { startBlock } from "../signing/block";
import { startSignedForms } from "../signing/forms";
import { onPage } from "../ui/dom";

onPage("sign-block", startBlock);
startSignedForms();
