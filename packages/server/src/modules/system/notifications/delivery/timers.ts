/** A notice is committed a little after it was stored: polled soon, then less often, up to the interval of all polls. */
const FIRST_GAP_MS = 10;
const POLL_MS = 2_000;

/** When `look` is called: at intervals, and a few times soon after a nudge. */
export function createTimers(look: () => void) {
  const nudges = createNudges(look);
  let polling: NodeJS.Timeout | undefined;
  return {
    start(): void {
      look();
      polling = setInterval(look, POLL_MS).unref();
    },
    nudge(): void {
      if (polling !== undefined) nudges.begin();
    },
    stop(): void {
      clearInterval(polling);
      nudges.stop();
    },
  };
}

function createNudges(look: () => void) {
  let next: { readonly timer: NodeJS.Timeout; readonly gapMs: number } | undefined;
  let isStopped = false;

  function lookIn(gapMs: number): void {
    clearTimeout(next?.timer);
    next = undefined;
    if (isStopped || gapMs > POLL_MS) return;
    const timer = setTimeout(() => {
      look();
      lookIn(gapMs * 2);
    }, gapMs).unref();
    next = { timer, gapMs };
  }
  return {
    /** A look that is near enough is not put off by many nudges. */
    begin(): void {
      if (next === undefined || next.gapMs > FIRST_GAP_MS) lookIn(FIRST_GAP_MS);
    },
    stop(): void {
      isStopped = true;
      clearTimeout(next?.timer);
    },
  };
}
