import { fileURLToPath } from "node:url";

/** Next to the installed packages: it belongs to this program's version, not to the data. */
const COMPILE_CACHE = fileURLToPath(new URL("../../../node_modules/.cache/treadle-compiled", import.meta.url));

/**
 * Settings that must be made before a program starts:
 * - threads: the columnar engine uses one thread of Node's pool for the duration of a query. With the default of four,
 * a few slow queries would prevent the spool from writing;
 * - the cache of compiled code makes each start a second faster;
 * - a limited young generation prevents garbage of the start from staying in memory;
 * - the old generation may double before it is collected. By default, V8 treats a server that allocates little as short
 * of memory. After every 10 MB, including socket buffers, it stops the server for up to 60 ms: each second, at low
 * load;
 * - objects of a request are always allocated in the young generation: see docs/decisions/0026-requests-begin-young.md;
 * - a warning of Node about an experimental feature would appear between the lines of the log.
 */
const ENVIRONMENT = { UV_THREADPOOL_SIZE: "16", NODE_COMPILE_CACHE: COMPILE_CACHE };
const FLAGS = [
  "--max-semi-space-size=16",
  "--heap-growing-percent=100",
  "--no-allocation-site-pretenuring",
  "--disable-warning=ExperimentalWarning",
];

/**
 * Restarts the program in the same process with these settings. Does nothing if that was done, or if Node does not
 * support it.
 */
export function tuneProcess(environment: NodeJS.ProcessEnv): void {
  if (environment.UV_THREADPOOL_SIZE !== undefined || !process.execve) return;
  const args = [process.execPath, ...FLAGS, ...process.execArgv, ...process.argv.slice(1)];
  process.execve(process.execPath, args, { ...ENVIRONMENT, ...environment });
}
