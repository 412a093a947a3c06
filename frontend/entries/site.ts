/** What every page has: clocks, preferences, dialogs, copying, money inputs, saving, one press once. */

import { startHostPin } from "../pages/host-pin";
import { forgetOthers } from "../signing/signer";
import { startAutosave } from "../ui/autosave";
import { startClocks } from "../ui/clock";
import { startCopying } from "../ui/copying";
import { startDialogs } from "../ui/dialogs";
import { startInView } from "../ui/in-view";
import { startKept } from "../ui/kept";
import { startMoneyInputs } from "../ui/money-input";
import { startPreferences } from "../ui/preferences";
import { startSteps } from "../ui/steps";
import { startSingleSubmit } from "../ui/submitting";

startClocks();
startPreferences();
startDialogs();
startCopying();
startInView();
startMoneyInputs();
startSteps();
startAutosave();
startSingleSubmit();
startHostPin();
startKept();
void forgetOthers();
