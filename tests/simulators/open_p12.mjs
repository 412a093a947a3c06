// Opens a PKCS#12 file as the browser does; prints the key's curve and the number of certificates.
import { readFileSync } from "node:fs";
import * as pkijs from "pkijs";

const [path, passphrase] = process.argv.slice(2);
const password = new TextEncoder().encode(passphrase).buffer;
const pfx = pkijs.PFX.fromBER(new Uint8Array(readFileSync(path)).buffer);
await pfx.parseInternalValues({ password, checkIntegrity: true });
const safe = pfx.parsedValue.authenticatedSafe;
await safe.parseInternalValues({ safeContents: safe.safeContents.map(() => ({ password })) });
let certificates = 0;
for (const { value } of safe.parsedValue.safeContents) {
  for (const bag of value.safeBags) {
    if (bag.bagId === "1.2.840.113549.1.12.10.1.3") certificates += 1;
    if (bag.bagId !== "1.2.840.113549.1.12.10.1.2") continue;
    await bag.bagValue.parseInternalValues({ password });
    const pkcs8 = bag.bagValue.parsedValue.toSchema().toBER();
    const algorithm = { name: "ECDSA", namedCurve: "P-256" };
    const key = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
    console.log(key.algorithm.namedCurve);
  }
}
console.log(certificates);
