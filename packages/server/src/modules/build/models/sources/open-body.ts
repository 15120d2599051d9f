import { Readable } from "node:stream";
import { DAY_MS } from "../../../../kernel/day.ts";
import type { Outbound } from "../../../../platform/outbound/port.ts";

/** Silence is given up after half a minute; a whole download may take a day. A hub that cannot be reached is noticed in seconds. */
const TIMEOUTS = { connectMs: 4_000, firstByteMs: 20_000, idleMs: 30_000, totalMs: DAY_MS };

export type OpenedBody = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends also where the connection was cut, so that everything that came can still be read. */
  readonly body: Readable;
  /** Why the body is not whole, once it has ended. */
  readonly failure: () => Error | null;
};
type Asked = { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal };

/** Starts a GET and resolves once its head is there; the body is read at the reader's pace. */
export function openBody(outbound: Pick<Outbound, "dispatch">, { url, headers, signal }: Asked): Promise<OpenedBody> {
  return new Promise((resolve, reject) => {
    let failure: Error | null = null;
    const body = new Readable({
      read: () => exchange.resume(),
      destroy(error, done) {
        exchange.abort();
        done(error);
      },
    });
    const exchange = outbound.dispatch(
      { method: "GET", url, headers, signal, timeouts: TIMEOUTS },
      {
        onHead: (status, given) => resolve({ status, headers: single(given), body, failure: () => failure }),
        onData: (chunk) => body.push(chunk),
        onEnd: () => body.push(null),
        onError(error) {
          failure = error;
          reject(error);
          body.push(null);
        },
      },
    );
  });
}

const single = (headers: Readonly<Record<string, string | string[]>>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? (value[0] ?? "") : value,
    ]),
  );
