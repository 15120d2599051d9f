/** The form of a canary in a text: plain, or hidden from a plain search. */
export type CanaryForm = "plain" | "spaced" | "reversed" | "leetspeak" | "rot13" | "base64" | "hex" | "initials";
export type FoundCanary = { readonly canary: string; readonly form: CanaryForm };

const MOST_CHARACTERS = 100_000;
/** A shorter canary would be found by chance once a text is squeezed. */
const LEAST_SQUEEZED = 8;
const LEET: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "8": "b",
  "9": "g",
  "@": "a",
  $: "s",
  "!": "i",
  "|": "l",
  "+": "t",
};

/**
 * The first canary that a text reveals: plain, with characters between its letters, backwards, in leetspeak, rot13,
 * base64, hex or as the first letters of its lines. Null if there is none. Checks the first 100,000 characters.
 */
export function findCanary(text: string, canaries: readonly string[]): FoundCanary | null {
  const plain = foldText(text.slice(0, MOST_CHARACTERS));
  for (const canary of canaries) {
    const folded = foldText(canary);
    if (folded.trim() !== "" && plain.includes(folded)) return { canary, form: "plain" };
  }
  const long = canaries.filter((canary) => squeeze(foldText(canary)).length >= LEAST_SQUEEZED);
  if (long.length === 0) return null;
  for (const [form, hidden] of formsOf(text.slice(0, MOST_CHARACTERS))) {
    const canary = long.find((one) => hidden.includes(squeeze(foldText(one))));
    if (canary !== undefined) return { canary, form };
  }
  return null;
}

/** The text as each form would hide it, undone, without anything between letters and digits. */
function* formsOf(text: string): Generator<readonly [CanaryForm, string]> {
  const folded = foldText(text);
  const squeezed = squeeze(folded);
  yield ["spaced", squeezed];
  yield ["reversed", Array.from(squeezed).reverse().join("")];
  yield ["leetspeak", squeeze(folded.replaceAll(/[0-9@$!|+]/g, (sign) => LEET[sign] ?? sign))];
  yield ["rot13", rot13(squeezed)];
  yield ["base64", squeeze(foldText(decoded(text, /[A-Za-z0-9+/_-]{8,}={0,2}/g, "base64")))];
  yield ["hex", squeeze(foldText(decoded(text, /(?:[0-9a-f]{2}[\s:-]?){6,}/gi, "hex")))];
  const lines = folded.split("\n").map((line) => squeeze(line)[0] ?? "");
  yield ["initials", lines.join("")];
}

/** One form of each letter, in lower case, without signs that take no room. */
const foldText = (text: string) =>
  text
    .normalize("NFKC")
    .replaceAll(/\p{Cf}|\p{Variation_Selector}/gu, "")
    .toLowerCase();
const squeeze = (text: string) => text.replaceAll(/[^\p{L}\p{N}]+/gu, "");

/** Letters of the alphabet moved by thirteen places; its own inverse. */
export const rot13 = (text: string): string =>
  text.replaceAll(/[a-z]/gi, (letter) => {
    const first = letter <= "Z" ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
  });

function decoded(text: string, pattern: RegExp, encoding: "base64" | "hex"): string {
  const pieces = text.match(pattern) ?? [];
  const bytesOf = (piece: string) => (encoding === "hex" ? piece.replaceAll(/[^0-9a-f]/gi, "") : piece);
  return pieces.map((piece) => Buffer.from(bytesOf(piece), encoding).toString("utf8")).join("\n");
}
