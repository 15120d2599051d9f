import { Readable } from "node:stream";
import type { Outbound } from "../../../platform/outbound/port.ts";

/** Silence is given up after half a minute; a whole download may take a day. A hub that cannot be reached is noticed in seconds. */
const TIMEOUTS = { connectMs: 4_000, firstByteMs: 20_000, idleMs: 30_000, totalMs: 24 * 3_600_000 };

export type OpenedBody = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
};
type Asked = { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal };

/** Starts a GET and resolves once its head is there; the body is read at the reader's pace. */
export function openBody(outbound: Pick<Outbound, "dispatch">, { url, headers, signal }: Asked): Promise<OpenedBody> {
  return new Promise((resolve, reject) => {
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
        onHead: (status, given) => resolve({ status, headers: single(given), body }),
        onData: (chunk) => body.push(chunk),
        onEnd: () => body.push(null),
        onError(error) {
          reject(error);
          body.destroy(error);
        },
      },
    );
    // Whoever does not read the body hears of its failure all the same.
    body.on("error", () => undefined);
  });
}

const single = (headers: Readonly<Record<string, string | string[]>>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? (value[0] ?? "") : value,
    ]),
  );
