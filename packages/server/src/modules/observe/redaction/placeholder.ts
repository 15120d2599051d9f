import { createHmac } from "node:crypto";
import { markOf } from "@treadle/guards";

/** Long enough that the values of a project do not meet by chance. */
const HASH_DIGITS = 16;
const SEPARATORS = /[\s().-]/g;
/** Kinds that people write with separators, which do not make another value. */
const HAS_NUMBERS = /^[\d\s().+-]+$/;

/** The same values come again and again, and a hash costs as much as finding one. */
const MOST_REMEMBERED = 10_000;

/** Makes the text that takes the place of a value: `[EMAIL]`, or with a keyed hash `[EMAIL_4f1c09d2a1b7c3e8]`. */
export function createPlaceholders({ hashKey }: { readonly hashKey: string }) {
  const key = Buffer.from(hashKey, "hex");
  const hashes = new Map<string, string>();
  return {
    label: (kind: string): string => `[${markOf(kind)}]`,
    hash(kind: string, value: string): string {
      const content = `${kind}\n${plainForm(kind, value)}`;
      const existing = hashes.get(content);
      if (existing !== undefined) return existing;
      const digest = createHmac("sha256", key).update(content).digest("hex").slice(0, HASH_DIGITS);
      const placeholder = `[${markOf(kind)}_${digest}]`;
      if (hashes.size >= MOST_REMEMBERED) hashes.clear();
      hashes.set(content, placeholder);
      return placeholder;
    },
  };
}
export type Placeholders = ReturnType<typeof createPlaceholders>;

/** Equal values in different notations, such as a card number with blanks, have one form. */
function plainForm(kind: string, value: string): string {
  if (kind === "email") return value.toLowerCase();
  return HAS_NUMBERS.test(value) ? value.replaceAll(SEPARATORS, "") : value;
}
