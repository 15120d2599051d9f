import type { Detector } from "../detector.ts";
import { findInText, type Hit } from "./find-in-views.ts";

/** Tags spell a text that only models read. The flags of England, Scotland and Wales use them too. */
const TAGS = /(?<!\u{1f3f4}|[\u{e0000}-\u{e007f}])[\u{e0000}-\u{e007f}]{1,2000}/gu;
/** Controls that turn the direction of writing make code read otherwise than it runs. */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]+/g;
/** Next to Latin letters or digits, or many in a row. In other scripts a joiner is a part of the spelling. */
const ZERO_WIDTH =
  /(?<=[A-Za-z0-9])[\u00ad\u200b-\u200d\u2060-\u2064\ufeff]{1,2000}(?=[A-Za-z0-9])|[\u200b-\u200d\u2060-\u2064\ufeff]{3,2000}/g;
/** One follows an emoji or an ideograph. A row of them carries hidden bytes. */
const SELECTORS = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{2,2000}/gu;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const SUSPECT = /[\ufe00-\ufe0f\u00ad\u200b-\u200d\u202a-\u202e\u2060-\u2069\ufeff\udb40]/;

/** Characters that nobody sees and that a model or a parser reads. */
export const invisibleText: Detector = {
  name: "invisible-text",
  version: 1,
  isDeterministic: true,
  need: { upTo: 64 },
  find: ({ text }) => (SUSPECT.test(text) ? findInText("invisible-text", hitsIn(text)) : []),
};

function* hitsIn(text: string): Generator<Hit> {
  const direction = RIGHT_TO_LEFT.test(text) ? 0.5 : 1;
  yield* matches(text, TAGS, { kind: "tag-characters", score: 1 });
  yield* matches(text, DIRECTION, { kind: "direction-controls", score: direction });
  yield* matches(text, ZERO_WIDTH, { kind: "zero-width", score: 1 });
  yield* matches(text, SELECTORS, { kind: "variation-selectors", score: 1 });
}

const matches = (text: string, pattern: RegExp, found: { readonly kind: string; readonly score: number }): Hit[] =>
  [...text.matchAll(pattern)].map(({ 0: run, index }) => ({ start: index, end: index + run.length, ...found }));
