/**
 * Passes text on as it arrives, except for an end that may start a stop sequence. Of several stop sequences, the
 * earliest wins.
 */
export function createStopScanner(stops: readonly string[]) {
  let buffered = "";
  let met: string | null = null;

  return {
    /** The text that can be shown now, and whether a stop sequence was met: what follows it is dropped. */
    push(text: string): { text: string; isStopped: boolean } {
      buffered += text;
      const match = firstMatch(buffered, stops);
      if (match) {
        const shown = buffered.slice(0, match.at);
        met = match.stop;
        buffered = "";
        return { text: shown, isStopped: true };
      }
      const keep = longestPartialEnd(buffered, stops);
      const shown = buffered.slice(0, buffered.length - keep);
      buffered = buffered.slice(buffered.length - keep);
      return { text: shown, isStopped: false };
    },
    /** The held-back text, at the end of the answer. */
    end() {
      const rest = buffered;
      buffered = "";
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
