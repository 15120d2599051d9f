/**
 * Lets text through as it comes, except for an end that may turn out to be the beginning of a stop sequence.
 * Of several stop sequences the one that begins first wins.
 */
export function createStopScanner(stops: readonly string[]) {
  let held = "";

  return {
    /** The text that can be shown now, and whether a stop sequence was met: what follows it is dropped. */
    push(text: string): { text: string; isStopped: boolean } {
      held += text;
      const at = firstMatch(held, stops);
      if (at !== -1) {
        const shown = held.slice(0, at);
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
  };
}

function firstMatch(text: string, stops: readonly string[]) {
  let first = -1;
  for (const stop of stops) {
    const at = text.indexOf(stop);
    if (at !== -1 && (first === -1 || at < first)) first = at;
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
