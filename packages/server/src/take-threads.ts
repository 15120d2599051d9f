const POOL_THREADS = "16";

/**
 * Begins the program anew, in the same process, with more threads in Node's pool; does nothing when that was done.
 * The columnar engine holds one of them for as long as a query runs: with the usual four, a few slow queries would
 * keep the spool from writing. The size can only be set before a program begins.
 */
export function takeThreads(environment: NodeJS.ProcessEnv): void {
  if (environment.UV_THREADPOOL_SIZE !== undefined || !process.execve) return;
  const args = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  process.execve(process.execPath, args, { ...environment, UV_THREADPOOL_SIZE: POOL_THREADS });
}
