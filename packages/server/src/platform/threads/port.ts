import { parentPort, Worker } from "node:worker_threads";
import { messageOf } from "../../kernel/message-of.ts";
import { stepBack } from "./priority.ts";

export { type CooperativeYield, createCooperativeYield } from "./cooperative-yield.ts";
export { freeBytes } from "./free-bytes.ts";
export { stepBack } from "./priority.ts";
export { openReservedCore } from "./reserved-core.ts";
export { collectYoungBuffers } from "./young-buffers.ts";

/** The functions of a thread, by name, and their results. Both are copied. */
type OrderTable = Readonly<Record<string, { readonly order: unknown; readonly answer: unknown }>>;
type NameIn<Orders> = keyof Orders & string;
type Question = { readonly id: number; readonly name: string; readonly order: unknown };
type Reply = { readonly id: number; readonly answer: unknown } | { readonly id: number; readonly error: string };
type Waiting = { readonly resolve: (answer: never) => void; readonly reject: (error: Error) => void };

/** Work in a separate thread, so that it does not block requests. */
export type Thread<Orders extends OrderTable> = {
  /** Throws if the work failed. The next order starts the thread again. */
  ask<Name extends NameIn<Orders>>(name: Name, order: Orders[Name]["order"]): Promise<Orders[Name]["answer"]>;
  /** Pending calls are rejected. */
  close(): Promise<void>;
};
/** The thread's work for each order. */
export type Work<Orders extends OrderTable> = {
  readonly [Name in NameIn<Orders>]: (
    order: Orders[Name]["order"],
  ) => Orders[Name]["answer"] | Promise<Orders[Name]["answer"]>;
};

/** A thread without orders for this time ends, with all its data. */
const IDLE_MS = 60_000;

/**
 * A thread that starts with its first order. The script calls `answerOrders`. The name appears in errors and profiles.
 */
export function createThread<Orders extends OrderTable>({
  script,
  name,
  idleMs = IDLE_MS,
}: {
  script: URL;
  name: string;
  idleMs?: number;
}): Thread<Orders> {
  let worker: Worker | null = null;
  let idleTimer: NodeJS.Timeout | undefined;
  let lastId = 0;
  const waiting = new Map<number, Waiting>();

  function stop(error = new Error(`The thread "${name}" was stopped.`)) {
    const stopping = worker;
    worker = null;
    clearTimeout(idleTimer);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    stopping?.removeAllListeners();
    return stopping?.terminate();
  }
  function hear(reply: Reply) {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ("error" in reply) asked?.reject(new Error(reply.error));
    // The answer is of the order that was sent under this id.
    else asked?.resolve(reply.answer as never);
    if (waiting.size === 0) idleTimer = setTimeout(stop, idleMs).unref();
  }
  function start(): Worker {
    const started = new Worker(script, { name });
    started.unref();
    started.on("message", hear);
    started.on("error", (error) => stop(error instanceof Error ? error : new Error(String(error))));
    started.on("exit", () => stop());
    worker = started;
    return started;
  }

  return {
    ask(orderName, order) {
      clearTimeout(idleTimer);
      return new Promise((resolve, reject) => {
        const id = ++lastId;
        waiting.set(id, { resolve, reject });
        (worker ?? start()).postMessage({ id, name: orderName, order } satisfies Question);
      });
    },
    async close() {
      await stop();
    },
  };
}

/**
 * The other side, in a thread's script: does the work of each order, and reports its error. A thread for whose answers a request
 * waits steps back by less than the usual.
 */
export function answerOrders<Orders extends OrderTable>(work: Work<Orders>, niceness?: number): void {
  stepBack(niceness);
  const works = new Map<string, (order: never) => unknown>(Object.entries(work));
  parentPort?.on("message", ({ id, name, order }: Question) => {
    // The order's type matches the named work.
    new Promise((resolve) => resolve(works.get(name)?.(order as never))).then(
      (answer) => parentPort?.postMessage({ id, answer } satisfies Reply),
      (error: unknown) => parentPort?.postMessage({ id, error: messageOf(error) } satisfies Reply),
    );
  });
}
