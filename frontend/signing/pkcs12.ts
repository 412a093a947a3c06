/** Reading a certificate file (.p12): the key goes into the browser's key store and stays there. */

import { AuthenticatedSafe, CertBag, Certificate, PFX, PKCS8ShroudedKeyBag, PrivateKeyInfo } from "pkijs";

import { type Bytes, utf8 } from "../sealing/bytes";
import { b64, b64u } from "../sealing/encoding";
import { refusal } from "../ui/words";

const ECDSA = { name: "ECDSA", namedCurve: "P-256" };
const COMMON_NAME = "2.5.4.3";
const ORGANISATION = "2.5.4.10";

/** A certificate with its key, ready to sign. */
export interface Signer {
  readonly key: CryptoKey;
  readonly pem: string;
  readonly name: string;
  readonly organisation: string;
  readonly serial: string;
  readonly until: number;
}

function unreadable(): Error {
  return refusal(
    "A-291",
    { zh: "证书文件未能打开", en: "The certificate file did not open" },
    { zh: "口令不对，或文件不是 .p12 证书。", en: "The PIN is wrong, or this is not a .p12 certificate." },
    { zh: "请核对口令后重新选择文件。", en: "Check the PIN and choose the file again." },
  );
}

function unsuitable(): Error {
  return refusal(
    "A-292",
    { zh: "证书不能用于签名", en: "This certificate cannot sign" },
    { zh: "文件中没有 P-256 签名密钥及其证书。", en: "The file holds no P-256 signing key with its certificate." },
    { zh: "请换用证书机构签发的签名证书。", en: "Use the signing certificate from the authority." },
  );
}

interface Contents {
  readonly keys: PrivateKeyInfo[];
  readonly certificates: Certificate[];
}

async function contents(data: Bytes, pin: string): Promise<Contents> {
  const password = utf8(pin).buffer;
  const file = PFX.fromBER(data);
  await file.parseInternalValues({ password, checkIntegrity: true });
  const safe: AuthenticatedSafe | undefined = file.parsedValue?.authenticatedSafe;
  if (!safe) throw unreadable();
  await safe.parseInternalValues({ safeContents: safe.safeContents.map(() => ({ password })) });
  const found: Contents = { keys: [], certificates: [] };
  for (const { value } of safe.parsedValue.safeContents as { value: { safeBags: { bagValue: unknown }[] } }[]) {
    for (const { bagValue } of value.safeBags) {
      if (bagValue instanceof PKCS8ShroudedKeyBag) {
        await (bagValue as unknown as { parseInternalValues(options: { password: ArrayBuffer }): Promise<void> })
          .parseInternalValues({ password });
        if (bagValue.parsedValue) found.keys.push(bagValue.parsedValue);
      } else if (bagValue instanceof PrivateKeyInfo) {
        found.keys.push(bagValue);
      } else if (bagValue instanceof CertBag && bagValue.parsedValue instanceof Certificate) {
        found.certificates.push(bagValue.parsedValue);
      }
    }
  }
  return found;
}

function pemOf(certificate: Certificate): string {
  const text = b64(new Uint8Array(certificate.toSchema(true).toBER()));
  const lines = text.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function subject(certificate: Certificate, type: string): string {
  const found = certificate.subject.typesAndValues.find((one) => one.type === type);
  return found ? String(found.value.valueBlock.value) : "";
}

async function signerOf({ keys, certificates }: Contents): Promise<Signer> {
  for (const info of keys) {
    const pkcs8 = info.toSchema().toBER();
    let raw: CryptoKey;
    try {
      raw = await crypto.subtle.importKey("pkcs8", pkcs8, ECDSA, true, ["sign"]);
    } catch {
      continue;
    }
    const { x = "", y = "" } = await crypto.subtle.exportKey("jwk", raw);
    const wanted = `${x}.${y}`;
    const certificate = certificates.find((one) => {
      const bytes = new Uint8Array(one.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView);
      return bytes.length === 65 && `${b64u(bytes.slice(1, 33))}.${b64u(bytes.slice(33))}` === wanted;
    });
    if (!certificate) continue;
    return {
      key: await crypto.subtle.importKey("pkcs8", pkcs8, ECDSA, false, ["sign"]),
      pem: pemOf(certificate),
      name: subject(certificate, COMMON_NAME),
      organisation: subject(certificate, ORGANISATION),
      serial: Array.from(certificate.serialNumber.valueBlock.valueHexView, (byte) =>
        byte.toString(16).padStart(2, "0"),
      )
        .join("")
        .toUpperCase(),
      until: certificate.notAfter.value.getTime(),
    };
  }
  throw unsuitable();
}

/** Opens a certificate file with its PIN. Neither ever leaves this browser. */
export async function openCertificate(file: Blob, pin: string): Promise<Signer> {
  let found: Contents;
  try {
    found = await contents(new Uint8Array(await file.arrayBuffer()), pin);
  } catch {
    throw unreadable();
  }
  return signerOf(found);
}
