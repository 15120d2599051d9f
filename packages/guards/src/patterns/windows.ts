import type { Span } from "../finding.ts";

/** Characters that a match and its words may take before and after a digit. */
const DIGITS_REACH = 96;
/** Fewer digits close together are no number of a person. */
const FEWEST_DIGITS = 6;
/** Other signs that may be between two digits of one number. */
const WIDEST_GAP = 3;

/** The parts of a text that may hold a number of at least six digits. Parts do not overlap. */
export function digitWindows(text: string): readonly Span[] {
  const windows: Span[] = [];
  let [first, last, count] = [0, -WIDEST_GAP - 2, 0];
  const add = () =>
    count >= FEWEST_DIGITS && join(windows, text, { start: first - DIGITS_REACH, end: last + DIGITS_REACH });
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) continue;
    if (at - last > WIDEST_GAP + 1) {
      add();
      first = at;
      count = 0;
    }
    last = at;
    count++;
  }
  add();
  return windows;
}

const AT_BEFORE = 96;
const AT_AFTER = 560;

/** The parts of a text that may hold an e-mail address. */
export function atWindows(text: string): readonly Span[] {
  const windows: Span[] = [];
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1))
    join(windows, text, { start: at - AT_BEFORE, end: at + AT_AFTER });
  return windows;
}

function join(windows: Span[], text: string, { start, end }: Span): void {
  const from = Math.max(0, start);
  const to = Math.min(text.length, end);
  const last = windows.at(-1);
  if (last && last.end >= from) windows[windows.length - 1] = { start: last.start, end: to };
  else windows.push({ start: from, end: to });
}
