/**
 * Lets text through as it comes, except for an end that may turn out to be the beginning of a stop sequence.
 * Of several stop sequences the one that begins first wins.
 */
export function createStopScanner(stops: readonly string[]) {
  let held = "";
  let met: string | null = null;

  return {
    /** The text that can be shown now, and whether a stop sequence was met: what follows it is dropped. */
    push(text: string): { text: string; isStopped: boolean } {
      held += text;
      const match = firstMatch(held, stops);
      if (match) {
        const shown = held.slice(0, match.at);
        met = match.stop;
        held = "";
        return { text: shown, isStopped: true };
      }
      const keep = longestPartialEnd(held, stops);
      const shown = held.slice(0, held.length - keep);
      held = held.slice(held.length - keep);
      return { text: shown, isStopped: false };
    },
    /** What was held back, once nothing more comes. */
    end() {
      const rest = held;
      held = "";
      return rest;
    },
    /** The stop sequence that was met, if one was. */
    met: () => met,
  };
}

function firstMatch(text: string, stops: readonly string[]) {
  let first: { at: number; stop: string } | null = null;
  for (const stop of stops) {
    const at = text.indexOf(stop);
    if (at !== -1 && (first === null || at < first.at)) first = { at, stop };
  }
  return first;
}

/** The length of the longest end of `text` that is the beginning of one of the stops. */
export function longestPartialEnd(text: string, stops: readonly string[]) {
  let longest = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) longest = length;
    }
  }
  return longest;
}
