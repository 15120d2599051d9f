import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

const THREADS = "/proc/self/task";
const LOOK_MS = 1_000;
/** Traffic starts at this number of calls within five checks, and ends with fewer within thirty. */
const MANY_CALLS = 20;
const LOOKS_TO_BEGIN = 5;
const LOOKS_TO_END = 30;
/** Next to the main thread, whose number equals the process's: nearly every page needs Postgres. */
const ANSWERING: ReadonlySet<string> = new Set(["postgres"]);

/** Lists of cores as `taskset` takes them: `0-3,6`. */
export type Cores = { readonly all: string; readonly allButOne: string };
export type ReservedCore = {
  /** Call it for each call for which a caller waits. */
  called(): void;
  close(): void;
};

type Options = {
  /** The cores of this process. Null if none can be reserved. */
  readonly cores?: Cores | null;
  /** The process's threads by number, with their names. */
  readonly listThreads?: () => ReadonlyMap<number, string>;
  readonly mover?: Mover;
};
type Mover = {
  /** Has a thread run on these cores alone. */
  move(thread: number, cores: string): void;
  close(): void;
};

/**
 * While calls arrive, reserves one core: threads that compute are moved to the others, so that the main thread finds it
 * free. Without calls, all threads use all cores. A low priority is not sufficient: Linux lets a running thread
 * continue for milliseconds before a thread of higher priority runs. Only on Linux, with at least two cores and
 * `taskset`; elsewhere nothing is moved.
 */
export function openReservedCore({
  cores = readCores(),
  listThreads = readThreads,
  mover = createMover(),
}: Options = {}): ReservedCore {
  let calls = 0;
  let looks: number[] = [];
  /** The threads that were moved; null while none is. */
  let moved: Set<number> | null = null;
  const callsWithin = (count: number) => looks.slice(-count).reduce((sum, seen) => sum + seen, 0);

  /** The computing threads, including those started since the last check. */
  const helpers = () => [...listThreads()].filter(([thread, name]) => thread !== process.pid && !ANSWERING.has(name));

  function spare({ allButOne }: Cores): void {
    const threads = helpers().map(([thread]) => thread);
    for (const thread of threads) if (!moved?.has(thread)) mover.move(thread, allButOne);
    // An ended thread is removed, because another may get its number.
    moved = new Set(threads);
  }

  function share({ all }: Cores): void {
    for (const [thread] of moved ? helpers() : []) mover.move(thread, all);
    moved = null;
  }

  function look(own: Cores): void {
    looks = [...looks, calls].slice(-LOOKS_TO_END);
    calls = 0;
    if (callsWithin(moved ? LOOKS_TO_END : LOOKS_TO_BEGIN) >= MANY_CALLS) spare(own);
    else share(own);
  }

  const timer = cores && setInterval(() => look(cores), LOOK_MS).unref();
  return {
    called(): void {
      calls += 1;
    },
    close(): void {
      if (timer) clearInterval(timer);
      if (cores) share(cores);
      mover.close();
    },
  };
}

/** The cores this thread may use; null where there is but one, or no telling. */
export function readCores(status = "/proc/thread-self/status"): Cores | null {
  if (!existsSync(status)) return null;
  const all = /^Cpus_allowed_list:\s+(\S+)$/m.exec(readFileSync(status, "utf8"))?.[1] ?? "";
  const numbers = all.split(",").flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 || 0 }, (_, index) => first + index);
  });
  return numbers.length < 2 ? null : { all, allButOne: numbers.slice(1).join(",") };
}

function readThreads(): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const thread of existsSync(THREADS) ? readdirSync(THREADS) : []) {
    try {
      found.set(Number(thread), readFileSync(`${THREADS}/${thread}/comm`, "utf8").trim());
    } catch {
      // It has ended since it was listed.
    }
  }
  return found;
}

/** Through a shell that stays, since a process of this size takes 30 ms to start another. It starts with the first thread to be moved. */
function createMover(): Mover {
  let shell: ChildProcess | null = null;
  function start(): ChildProcess {
    const started = spawn("/bin/sh", ["-c", "while read -r cores thread; do taskset -p -c $cores $thread; done"], {
      stdio: ["pipe", "ignore", "ignore"],
      // It gets no secrets, and finds system programs without a PATH.
      env: {},
    });
    // Without taskset, the threads are not moved.
    started.on("error", () => {});
    // If the shell is ended from outside, another one is started, so that no thread stays off the core permanently.
    started.on("exit", () => {
      if (shell === started) shell = null;
    });
    started.stdin?.on("error", () => {});
    started.unref();
    return started;
  }
  return {
    move(thread, cores) {
      shell ??= start();
      shell.stdin?.write(`${cores} ${thread}\n`);
    },
    close: () => void shell?.stdin?.end(),
  };
}
