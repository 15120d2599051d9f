type Running = { readonly fatal: Promise<unknown>; close(): Promise<void> };
type Words = {
  readonly say: (line: string) => void;
  /** Tells why the stop failed; the process then ends with 1. */
  readonly fail: (error: unknown) => void;
};

/** The exit code of a program that an interrupt ended. */
const INTERRUPTED = 130;

/** Runs a server until the process is asked to stop, then ends both. A second signal does not wait for the server. */
export function runUntilStopped(running: Running, { say, fail }: Words): void {
  let isStopping = false;
  function stop() {
    if (isStopping) process.exit(INTERRUPTED);
    isStopping = true;
    say("Stopping: finishing running requests and writing all data to disk. Press Ctrl+C again to stop immediately.");
    running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        fail(error);
        process.exit(1);
      },
    );
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
  void running.fatal.then((error) => {
    fail(error);
    process.exit(1);
  });
  // An uncaught error ends the program, so that it does not continue in an invalid state. It is logged without its
  // fields, which may contain secrets.
  process.on("uncaughtException", (error) => {
    fail(new Error(`Treadle stops because of an unexpected error: ${error.stack ?? error.message}`));
    process.exit(1);
  });
}
