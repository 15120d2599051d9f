import type { Detector } from "../detector.ts";
import type { Span } from "../finding.ts";
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
/** Writing from right to left this close to a control gives it a reason. */
const RIGHT_TO_LEFT_REACH = 64;
const isNearRightToLeft = (text: string, { start, end }: Span) =>
  RIGHT_TO_LEFT.test(text.slice(Math.max(0, start - RIGHT_TO_LEFT_REACH), end + RIGHT_TO_LEFT_REACH));
const LONGEST_HIDDEN = 4_000;
const SUSPECT = /[\ufe00-\ufe0f\u00ad\u200b-\u200d\u202a-\u202e\u2060-\u2069\ufeff\udb40]/;

/** Characters that nobody sees and that a model or a parser reads. */
export const invisibleText: Detector = {
  name: "invisible-text",
  version: 1,
  isDeterministic: true,
  need: { upTo: LONGEST_HIDDEN + RIGHT_TO_LEFT_REACH },
  openFrom: (text) => Math.min(openHidden(text), openDirection(text)),
  mayFind: (text) => SUSPECT.test(text),
  find: ({ text }) => (SUSPECT.test(text) ? findInText("invisible-text", hitsIn(text)) : []),
};

function* hitsIn(text: string): Generator<Hit> {
  yield* matches(text, TAGS, { kind: "tag-characters", score: 1 });
  for (const hit of matches(text, DIRECTION, { kind: "direction-controls", score: 1 }))
    yield isNearRightToLeft(text, hit) ? { ...hit, score: 0.5 } : hit;
  yield* matches(text, ZERO_WIDTH, { kind: "zero-width", score: 1 });
  yield* matches(text, SELECTORS, { kind: "variation-selectors", score: 1 });
}

const matches = (text: string, pattern: RegExp, found: { readonly kind: string; readonly score: number }): Hit[] =>
  [...text.matchAll(pattern)].map(({ 0: run, index }) => ({ start: index, end: index + run.length, ...found }));

const HIDDEN_END =
  /(?:[A-Za-z0-9]|\u{1f3f4})?(?:[\u00ad\u200b-\u200d\u2060-\u2064\ufeff]|[\ufe00-\ufe0f]|[\u{e0000}-\u{e01ef}]){1,2000}(?:\ud83c|\udb40)?$/u;

/** The place from which hidden characters may go on, with the sign before them that gives them a reason. */
function openHidden(text: string): number {
  const place = text.slice(-LONGEST_HIDDEN).search(HIDDEN_END);
  return place < 0 ? text.length : Math.max(0, text.length - LONGEST_HIDDEN) + place;
}

/** The place from which a control may still get a reason. */
function openDirection(text: string): number {
  const from = Math.max(0, text.length - RIGHT_TO_LEFT_REACH);
  const place = text.slice(from).search(DIRECTION);
  return place < 0 ? text.length : from + place;
}
