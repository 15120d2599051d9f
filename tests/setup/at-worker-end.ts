/**
 * Runs `end` once when this test worker ends: by itself, or by the SIGTERM that Vitest sends to its workers. After
 * SIGTERM, Node runs no `exit` handler. Use it for resources that the test files of a worker share.
 */
export function atWorkerEnd(end: () => void): void {
  let hasEnded = false;
  const endOnce = () => {
    if (hasEnded) return;
    hasEnded = true;
    end();
  };
  process.once("exit", endOnce);
  process.once("SIGTERM", () => {
    endOnce();
    // With no other listener left, the signal has its default effect.
    if (process.listenerCount("SIGTERM") === 0) process.kill(process.pid, "SIGTERM");
  });
}
