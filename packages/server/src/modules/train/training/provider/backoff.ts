import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../../../kernel/errors.ts";
import { isPassing } from "./provider-client.ts";

const MOST_MS = 300_000;
/** With the usual first wait the tries are spread over some minutes. */
const TRIES = 8;

type Patience = {
  readonly signal: AbortSignal;
  readonly firstMs: number;
  /** Called with the error before each wait. */
  readonly onWait: (message: string) => void;
};

/** Tries something again while what is wrong may pass; throws what it failed with when it will not, or has not for some minutes. */
export async function withBackoff<Value>(
  work: () => Promise<Value>,
  { signal, firstMs, onWait }: Patience,
): Promise<Value> {
  for (let tried = 1; ; tried++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AppError) || !isPassing(error) || tried >= TRIES) throw error;
      const waitMs = waitAfter(error, tried, firstMs);
      onWait(`${error.message} Retrying in ${Math.ceil(waitMs / 1_000)} s`);
      await delay(waitMs, undefined, { signal });
    }
  }
}

/** The provider's delay, or twice the last delay, at most five minutes. */
export const waitAfter = ({ retryAfterSeconds }: AppError, tried: number, firstMs: number): number =>
  Math.min(MOST_MS, retryAfterSeconds === undefined ? firstMs * 2 ** (tried - 1) : retryAfterSeconds * 1_000);
