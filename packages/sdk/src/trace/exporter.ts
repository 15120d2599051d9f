export type ExporterOptions = {
  readonly url: URL;
  readonly apiKey: string;
  readonly fetch: typeof fetch;
  /** Spans that wait longer than this are sent even when few. */
  readonly delayMs: number;
  /** Spans beyond this many bytes are dropped instead of kept in memory. */
  readonly maxQueuedBytes: number;
  /** Told when spans are lost, once a minute at most. */
  readonly onProblem: (message: string) => void;
};

const BATCH_SPANS = 200;
const BATCH_CHARACTERS = 1_000_000;
const REQUEST_MS = 15_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const PROBLEM_MS = 60_000;

type Verdict = { readonly kind: "sent" } | { readonly kind: "wait"; readonly milliseconds: number } | Refused;
type Refused = { readonly kind: "refused"; readonly isAboutContent: boolean; readonly reason: string };

/**
 * Sends spans in batches, behind the program's back: it never throws, never holds the process open, and gives up spans
 * rather than memory. What the server refuses is halved until the bad span stands alone.
 */
export function createExporter(options: ExporterOptions) {
  let queue: string[] = [];
  let queuedBytes = 0;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let running: Promise<void> | null = null;
  let isClosed = false;
  const losses = createLosses(options.onProblem);
  const { drop } = losses;

  function takeBatch(): string[] {
    let characters = 0;
    let count = 0;
    while (count < queue.length && count < BATCH_SPANS && (count === 0 || characters < BATCH_CHARACTERS))
      characters += queue[count++]?.length ?? 0;
    const batch = queue.slice(0, count);
    queue = queue.slice(count);
    return batch;
  }

  async function deliver(batch: readonly string[], isLast: () => boolean): Promise<void> {
    const verdict = await send(options, batch);
    failures = verdict.kind === "wait" ? failures + 1 : 0;
    if (verdict.kind === "sent") return;
    if (verdict.kind === "wait") {
      if (isLast()) return drop(batch.length, "the server could not be reached before the program ended.");
      await pause(Math.max(verdict.milliseconds, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1))));
      return deliver(batch, isLast);
    }
    if (!verdict.isAboutContent || batch.length === 1) return drop(batch.length, verdict.reason);
    const middle = Math.ceil(batch.length / 2);
    await deliver(batch.slice(0, middle), isLast);
    await deliver(batch.slice(middle), isLast);
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const batch = takeBatch();
      const size = batch.reduce((sum, json) => sum + json.length, 0);
      await deliver(batch, () => isClosed);
      queuedBytes -= size;
    }
    running = null;
  }

  function start() {
    if (timer) clearTimeout(timer);
    timer = null;
    if (queue.length > 0) running ??= drain();
  }

  return {
    droppedSpans: losses.count,
    add(json: string): void {
      if (isClosed) return;
      if (queuedBytes + json.length > options.maxQueuedBytes) {
        drop(1, "they are made faster than they can be sent, or the server is away.");
        return;
      }
      queue.push(json);
      queuedBytes += json.length;
      if (queue.length >= BATCH_SPANS) start();
      else timer ??= unref(setTimeout(start, options.delayMs));
    },
    /** Resolves when everything so far is sent or lost, or when the time is over. Never rejects. */
    async flush(timeoutMs: number): Promise<void> {
      start();
      const patience = AbortSignal.timeout(timeoutMs);
      const over = new Promise<void>((resolve) => patience.addEventListener("abort", () => resolve(), { once: true }));
      await Promise.race([running, over]);
    },
    close(): void {
      isClosed = true;
    },
  };
}

/** Counts what is lost and says so now and then. */
function createLosses(onProblem: (message: string) => void) {
  let spans = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    count: () => spans,
    drop(count: number, reason: string): void {
      spans += count;
      if (performance.now() - toldAt < PROBLEM_MS) return;
      toldAt = performance.now();
      try {
        onProblem(`Treadle lost ${spans} spans so far: ${reason}`);
      } catch {
        // An error in a listener must not break the traced program.
      }
    },
  };
}

async function send({ url, apiKey, fetch: request }: ExporterOptions, batch: readonly string[]): Promise<Verdict> {
  try {
    const response = await request(url, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      body: `{"spans":[${batch.join(",")}]}`,
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    const text = await response.text();
    if (response.ok) return { kind: "sent" };
    if (response.status === 429 || response.status >= 500)
      return { kind: "wait", milliseconds: Number(response.headers.get("retry-after") ?? 0) * 1_000 };
    const isAboutContent = response.status !== 401 && response.status !== 403 && response.status !== 404;
    return { kind: "refused", isAboutContent, reason: `the server answered ${response.status}: ${text.slice(0, 300)}` };
  } catch {
    return { kind: "wait", milliseconds: 0 };
  }
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => unref(setTimeout(resolve, milliseconds)));

/** A timer that does not keep the program running; a browser's is a number and never does. */
function unref(timer: ReturnType<typeof setTimeout>): ReturnType<typeof setTimeout> {
  if (typeof timer === "object") timer.unref();
  return timer;
}
