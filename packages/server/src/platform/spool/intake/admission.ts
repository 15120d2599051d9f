import { AppError } from "../../../kernel/errors.ts";

type Options = {
  /** Bytes on disk that wait for the store. */
  readonly pendingBytes: () => number;
  /** Bytes in memory that wait for the disk. */
  readonly queuedBytes: () => number;
  readonly diskProblem: () => string | null;
  readonly capBytes: number;
  readonly bufferBytes: number;
};

/** Decides whether new rows are taken. */
export function createAdmission({ pendingBytes, queuedBytes, diskProblem, capBytes, bufferBytes }: Options) {
  let isClosed = false;
  const isAtCap = () => pendingBytes() + queuedBytes() >= capBytes;

  return {
    isAtCap,
    hasRoom: () => !isClosed && diskProblem() === null && queuedBytes() < bufferBytes && !isAtCap(),
    /** Throws the sender's error while there is no room. */
    check(): void {
      const problem = diskProblem();
      if (isClosed) throw new AppError("unavailable", { message: "The server is stopping.", retryAfterSeconds: 5 });
      if (problem) throw diskFull(problem);
      if (isAtCap()) throw overloaded("The spool is full, because the columnar store is too slow.", 10);
      if (queuedBytes() >= bufferBytes) throw overloaded("The disk is too slow for the incoming data.", 1);
    },
    close() {
      isClosed = true;
    },
  };
}

/** Nothing was stored, because nothing can be written. */
export const diskFull = (problem: string, cause?: unknown) =>
  new AppError("insufficient_storage", {
    message: `${problem} Nothing was stored. Free some disk space; the server recovers by itself.`,
    retryAfterSeconds: 5,
    cause,
  });

const overloaded = (problem: string, retryAfterSeconds: number) =>
  new AppError("overloaded", {
    message: `${problem} Nothing was stored. Try again after a short wait.`,
    retryAfterSeconds,
  });
