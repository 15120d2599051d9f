import { fileURLToPath } from "node:url";

/** Beside the installed packages: it belongs to this program's version, not to the data. */
const COMPILE_CACHE = fileURLToPath(new URL("../../../node_modules/.cache/treadle-compiled", import.meta.url));

/**
 * What can only be set before a program begins:
 * - threads: the columnar engine holds one of Node's pool for as long as a query runs. With the usual four, a few slow
 *   queries would keep the spool from writing;
 * - the cache of compiled code takes a second off each start;
 * - a bounded young generation keeps the garbage of starting up from staying in memory;
 * - the old generation may double before it is collected. Left to itself V8 takes a server that allocates little for one that is
 *   short of memory, and after every 10 MB, buffers of sockets counted, stops it for up to 60 ms: each second, under a light load;
 * - what a request makes begins in the young generation, always: see docs/decisions/0026-requests-begin-young.md;
 * - a warning of Node's own about a part that may change would stand between the lines of the log.
 */
const ENVIRONMENT = { UV_THREADPOOL_SIZE: "16", NODE_COMPILE_CACHE: COMPILE_CACHE };
const FLAGS = [
  "--max-semi-space-size=16",
  "--heap-growing-percent=100",
  "--no-allocation-site-pretenuring",
  "--disable-warning=ExperimentalWarning",
];

/** Begins the program anew in the same process, tuned; does nothing when that was done, or where Node cannot. */
export function tuneProcess(environment: NodeJS.ProcessEnv): void {
  if (environment.UV_THREADPOOL_SIZE !== undefined || !process.execve) return;
  const args = [process.execPath, ...FLAGS, ...process.execArgv, ...process.argv.slice(1)];
  process.execve(process.execPath, args, { ...ENVIRONMENT, ...environment });
}
