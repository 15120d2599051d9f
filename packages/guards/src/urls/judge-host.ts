import { normalizeText } from "../text/normalize.ts";

/** Whether a host is on a list. `*.example.org` allows the host and all below it. */
export const isListed = (host: string, list: readonly string[]): boolean =>
  list.some((entry) => {
    const name = entry.toLowerCase();
    return name.startsWith("*.") ? host === name.slice(2) || host.endsWith(name.slice(1)) : host === name;
  });

/** The host of an address as a browser reads it, in lower case; null if there is none. */
export function hostOf(address: string): string | null {
  const whole = address.startsWith("//")
    ? `https:${address}`
    : /^www\./i.test(address)
      ? `https://${address}`
      : address;
  const url = URL.parse(whole);
  return url && url.hostname !== "" ? url.hostname : null;
}

/** The host as it is written, before a browser turns other letters into Punycode. */
export const writtenHost = (address: string): string =>
  (
    /^(?:[a-z]+:)?\/\/(?:[^/?#\\]*@)?([^/?#\\:]*)/i.exec(address)?.[1] ??
    address.split(/[/?#:]/)[0] ??
    ""
  ).toLowerCase();

const SAME_SHAPE: Readonly<Record<string, string>> = { "0": "o", "1": "l", i: "l", "5": "s" };

/** One form for hosts that look the same. */
const shapeOf = (host: string): string =>
  normalizeText(host)
    .text.toLowerCase()
    .replaceAll("rn", "m")
    .replaceAll("vv", "w")
    .replaceAll(/[01i5]/g, (sign) => SAME_SHAPE[sign] ?? sign);

/** Whether a written host pretends to be one of the list. */
export function looksLike(written: string, list: readonly string[]): boolean {
  const shape = shapeOf(written);
  return list.some((entry) => {
    const name = entry.toLowerCase().replace(/^\*\./, "");
    const own = shapeOf(name);
    return !isListed(written, [name, `*.${name}`]) && (shape === own || shape.endsWith(`.${own}`));
  });
}

/** Latin letters next to letters of an alphabet that has the same shapes. */
export const mixesAlphabets = (written: string): boolean =>
  /[a-z]/.test(written) && /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u.test(written);
