import type { PrivacyField } from "@treadle/contract";
import type { PrivatePlace } from "./scan-text.ts";

/** Why a text is not stored. */
export type Withheld = "too_long" | "failed" | "media" | "too_deep";

type Found = {
  readonly kind: string;
  readonly field: PrivacyField;
  /** Places of findings: the text, counted from 0 within its field, its first code unit and the one after its last. */
  readonly offsets: (readonly [text: number, start: number, end: number])[];
};

const MOST_ENTRIES = 100;
const MOST_OFFSETS = 20;

/** What was removed from one span, as counts and places. It never holds a value. */
export function createPrivacyReport() {
  const counts = new Map<string, number>();
  const found = new Map<string, Found>();
  const texts = new Map<PrivacyField, number>();
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);

  function addPlace(field: PrivacyField, text: number, { kind, start, end }: PrivatePlace): void {
    count(`count.${kind}`);
    const key = `${field} ${kind}`;
    const entry = found.get(key) ?? { kind, field, offsets: [] };
    if (entry.offsets.length < MOST_OFFSETS) entry.offsets.push([text, start, end]);
    if (found.has(key) || found.size < MOST_ENTRIES) found.set(key, entry);
  }

  return {
    /** Places of the next text of a field. */
    found(field: PrivacyField, places: readonly PrivatePlace[]): void {
      texts.set(field, (texts.get(field) ?? -1) + 1);
      for (const place of places) addPlace(field, texts.get(field) ?? 0, place);
    },
    withheld: (reason: Withheld) => void count(`withheld.${reason}`),
    cut: () => void count("cut"),
    /** As attributes of the span; none if nothing was removed. */
    attributes: (): ReadonlyMap<string, unknown> =>
      new Map<string, unknown>([
        ...[...counts].map(([name, number]) => [`treadle.privacy.${name}`, number] as const),
        ...(found.size > 0 ? [["treadle.privacy.offsets", [...found.values()]] as const] : []),
      ]),
  };
}
export type PrivacyReport = ReturnType<typeof createPrivacyReport>;
