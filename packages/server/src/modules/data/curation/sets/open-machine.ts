import { Worker } from "node:worker_threads";
import type { Call, Reply } from "./machine-worker.ts";
import type { MachineParams, Machines } from "./machines.ts";

type Waiting = { resolve(result: unknown): void; reject(error: unknown): void };
type Method = (...given: never[]) => unknown;

const SCRIPT = new URL("./machine-worker.ts", import.meta.url);
const MOST_HEAP_MB = 2_048;

/**
 * Starts a machine in a separate thread. Calls are answered in order. After an abort, all are rejected with the
 * signal's reason. `close` ends the thread, whatever it is doing.
 */
export function openMachine<Name extends keyof Machines>(name: Name, params: MachineParams[Name], signal: AbortSignal) {
  signal.throwIfAborted();
  const worker = new Worker(SCRIPT, {
    name: `curation ${name}`,
    workerData: { name, params },
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
  });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let ended: { readonly reason: unknown } | null = null;

  function end(reason: unknown): void {
    ended ??= { reason };
    for (const { reject } of waiting.values()) reject(ended.reason);
    waiting.clear();
  }
  const abort = () => {
    end(signal.reason);
    void worker.terminate();
  };
  signal.addEventListener("abort", abort, { once: true });
  worker.on("error", (error) => end(new Error(`the curation thread (${name}) failed`, { cause: error })));
  worker.on("exit", () => end(new Error(`the curation thread (${name}) ended`)));
  worker.on("message", ({ id, result, error }: Reply) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error));
  });

  type Machine = Machines[Name];
  type Answer<Asked extends keyof Machine> = Machine[Asked] extends Method ? ReturnType<Machine[Asked]> : never;
  type Given<Asked extends keyof Machine> = Machine[Asked] extends Method ? Parameters<Machine[Asked]> : never;
  return {
    call<Asked extends keyof Machine & string>(method: Asked, ...given: Given<Asked>): Promise<Answer<Asked>> {
      return new Promise<Answer<Asked>>((resolve, reject) => {
        if (ended) return reject(ended.reason);
        const id = ++lastId;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, method, given } satisfies Call);
      });
    },
    async close(): Promise<void> {
      signal.removeEventListener("abort", abort);
      await worker.terminate();
    },
  };
}
