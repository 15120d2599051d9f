/** Whether the state at a place is still good. */
export type Look = (place: number) => Promise<"good" | "bad">;

/**
 * The place where good turns bad between `low`, which is good, and `high`, which is bad: each look halves what is left, so that n
 * changes take log2(n) looks. It takes for granted that the score turns once; what else there is, the caller looks for on both sides.
 */
export async function findTurn(low: number, high: number, look: Look): Promise<number> {
  let [good, bad] = [low, high];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if ((await look(middle)) === "good") good = middle;
    else bad = middle;
  }
  return bad;
}

/** How many looks that takes at most. */
export const looksFor = (changes: number) => Math.max(1, Math.ceil(Math.log2(Math.max(2, changes))));
