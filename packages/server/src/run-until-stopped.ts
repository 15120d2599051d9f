type Running = { close(): Promise<void> };
type Words = {
  readonly say: (line: string) => void;
  /** Tells why the stop failed; the process then ends with 1. */
  readonly fail: (error: unknown) => void;
};

/** The exit code of a program that an interrupt ended. */
const INTERRUPTED = 130;

/** Lets a server run until the process is told to stop, then ends both. A second signal does not wait for the server. */
export function runUntilStopped(running: Running, { say, fail }: Words): void {
  let isStopping = false;
  function stop() {
    if (isStopping) process.exit(INTERRUPTED);
    isStopping = true;
    say("Stopping: answering what is running and writing everything down. Press again to stop at once.");
    running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        fail(error);
        process.exit(1);
      },
    );
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
  // What nobody caught ends the program, so that nothing goes on half broken; it is told without its fields, which may hold secrets.
  process.on("uncaughtException", (error) => {
    fail(new Error(`Treadle met an error that nothing handles, and ends: ${error.stack ?? error.message}`));
    process.exit(1);
  });
}
