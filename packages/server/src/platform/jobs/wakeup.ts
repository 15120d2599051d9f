/** A sent job is committed a little later. It is polled soon, and then less and less often, up to this interval. */
const FIRST_GAP_MS = 5;
const LAST_GAP_MS = 1_000;

/** When `look` is called: at intervals, once at a time, and a few times soon after something was sent. */
export function createWakeup(look: () => void) {
  const timers = new Set<NodeJS.Timeout>();
  let nudging: { readonly timer: NodeJS.Timeout; readonly gapMs: number } | null = null;
  let isStopped = false;

  function nudge(gapMs: number): void {
    if (nudging) clearTimeout(nudging.timer);
    nudging = null;
    if (isStopped || gapMs > LAST_GAP_MS) return;
    const timer = setTimeout(() => {
      look();
      nudge(gapMs * 2);
    }, gapMs).unref();
    nudging = { timer, gapMs };
  }

  return {
    every(ms: number, act: () => void): void {
      timers.add(setInterval(act, ms).unref());
    },
    in(ms: number): void {
      if (isStopped) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        look();
      }, ms).unref();
      timers.add(timer);
    },
    nudge(): void {
      // A look that is near enough is not put off by those who send many.
      if (nudging === null || nudging.gapMs > FIRST_GAP_MS) nudge(FIRST_GAP_MS);
    },
    stop(): void {
      isStopped = true;
      for (const timer of timers) clearTimeout(timer);
      if (nudging) clearTimeout(nudging.timer);
    },
  };
}
