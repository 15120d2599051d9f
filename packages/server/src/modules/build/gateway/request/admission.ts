import { AppError } from "../../../../kernel/errors.ts";

const RETRY_AFTER_SECONDS = 1;

/** Limits how many model calls run at the same time. */
export function createAdmission(maxRunning: number) {
  let running = 0;
  return {
    running: () => running,
    /** Counts a call in. Throws `overloaded` before any work is done for a call above the limit. */
    enter(): void {
      if (running >= maxRunning) {
        throw new AppError("overloaded", {
          message: `This server runs ${maxRunning} model calls at a time, and that many are running. Try again in a second.`,
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        });
      }
      running++;
    },
    /** Counts a call out, however it ended. */
    leave(): void {
      running--;
    },
  };
}
export type Admission = ReturnType<typeof createAdmission>;
