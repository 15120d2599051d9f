/** A request of the candidate, and when it began. */
export type RecentRequest = { readonly at: number; readonly isHardFailure: boolean };

const WINDOW_MS = 30_000;
const FAILURES = 5;

/**
 * Whether the candidate is down: five hard failures within 30 seconds, if they are at least half of its requests in that
 * time. The requests are in the order in which they began.
 */
export function hasBurst(requests: readonly RecentRequest[]): boolean {
  let [first, failures] = [0, 0];
  for (const [last, { at, isHardFailure }] of requests.entries()) {
    if (isHardFailure) failures += 1;
    for (let oldest = requests[first]; oldest && at - oldest.at > WINDOW_MS; oldest = requests[first]) {
      if (oldest.isHardFailure) failures -= 1;
      first += 1;
    }
    if (isHardFailure && failures >= FAILURES && failures >= (last - first + 1) / 2) return true;
  }
  return false;
}
