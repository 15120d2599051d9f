import type { PreparedText, TextView } from "../prepared-text.ts";
import { decodePercents, decodeRotated, decodeRuns } from "./encoded-runs.ts";
import { hiddenMarkup } from "./markup.ts";
import { normalizeText } from "./normalize.ts";
import { decodeTags } from "./tags.ts";
import { sameView } from "./view-builder.ts";

/** More of one text is not decoded. */
const MOST_CHARACTERS = 1_000_000;

/** A text for all detectors. Each view is made when a detector first reads it. */
export function prepareText(text: string): PreparedText {
  let normalized: TextView | undefined;
  let hidden: readonly TextView[] | undefined;
  return {
    text,
    get normalized() {
      normalized ??= normalizeText(text);
      return normalized;
    },
    get hidden() {
      hidden ??= hiddenViews(text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text);
      return hidden;
    },
  };
}

const hiddenViews = (text: string): TextView[] =>
  [...decodeRuns(text), decodePercents(text), decodeRotated(text), hiddenMarkup(text), decodeTags(text)].filter(
    (view) => view !== null,
  );

/** The forms of a text that patterns are searched in, each once. Hidden markup is part of the text itself. */
export function* viewsOf(prepared: PreparedText): Generator<TextView> {
  const { text, normalized, hidden } = prepared;
  yield sameView("text", text);
  if (normalized.text !== text) yield normalized;
  for (const view of hidden) if (view.view !== "markup") yield view;
}
