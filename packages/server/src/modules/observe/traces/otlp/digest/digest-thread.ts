import { Worker } from "node:worker_threads";
import { AppError } from "../../../../../kernel/errors.ts";
import type { Log } from "../../../../../kernel/log.ts";
import type { ConcurrencyLimit } from "./concurrency.ts";
import type { Digest, Order } from "./decode-request.ts";
import type { Answer, OrderQuestion, Question } from "./digest-worker.ts";
import type { NotedCall } from "./nested-calls.ts";
import { died, overloaded, stopping, tooLarge } from "./thread-errors.ts";

type Waiting = {
  readonly order: Order;
  readonly bytes: number;
  resolve(digest: Digest): void;
  reject(error: AppError): void;
};
type Limits = {
  /** Bytes of requests that may wait; one is always taken when none waits. */
  readonly maxBytes: number;
  readonly maxOrders: number;
  /** Memory of the thread's own. What is let through to it needs far less: Node does not always survive a thread that runs out. */
  readonly maxHeapMb: number;
};

export type DigestThreadOptions = {
  readonly log: Log;
  readonly limits?: Partial<Limits>;
  readonly script?: URL;
  /** Asked before it works; it always may when this is left out. */
  readonly turns?: ConcurrencyLimit;
};

const SCRIPT = new URL("./digest-worker.ts", import.meta.url);
const MIB = 1024 * 1024;
const LIMITS: Limits = { maxBytes: 192 * MIB, maxOrders: 2_000, maxHeapMb: 2_048 };
/** The thread already has the next order when it finishes one. */
const AHEAD = 2;
const MAX_NOTED = 1_000;
const ALWAYS: ConcurrencyLimit = { begin: () => true, end() {}, mayRest: () => false };
const OUT_OF_MEMORY = "ERR_WORKER_OUT_OF_MEMORY";

/**
 * Converts requests to rows in a separate thread, one after another, so that decoding does not block other work. If the
 * thread dies, the senders of its requests are asked to retry, and the next request starts a new thread.
 */
export function createDigestThread({ log, limits, script = SCRIPT, turns = ALWAYS }: DigestThreadOptions) {
  const { maxBytes, maxOrders, maxHeapMb } = { ...LIMITS, ...limits };
  const queue: Waiting[] = [];
  const atHand = new Map<number, Waiting>();
  const news = createNews();
  let worker: Worker | null = null;
  let waitingBytes = 0;
  let lastId = 0;
  let restarts = 0;
  let isClosed = false;

  function settle(answer: Answer): void {
    const waiting = leave(answer.id);
    if ("digest" in answer) waiting?.resolve(answer.digest);
    else waiting?.reject(new AppError(answer.refusal.code, answer.refusal));
    feed();
  }

  function leave(id: number): Waiting | undefined {
    const waiting = atHand.get(id);
    atHand.delete(id);
    waitingBytes -= waiting?.bytes ?? 0;
    if (waiting && atHand.size === 0) turns.end();
    return waiting;
  }

  /** The oldest active request caused it: if it needed too much memory, it would again. */
  function die(dead: Worker, error: Error & { code?: string }): void {
    if (worker !== dead) return;
    worker = null;
    restarts += 1;
    if (!isClosed) log.error({ error }, "the thread that reads OTLP ended; a new thread starts with the next request");
    const [worked, ...others] = [...atHand.keys()];
    if (worked !== undefined) leave(worked)?.reject(error.code === OUT_OF_MEMORY ? tooLarge(error) : died(error));
    for (const id of others) leave(id)?.reject(died(error));
    feed();
  }

  function feed(): void {
    while (atHand.size < AHEAD && !isClosed) {
      const [next] = queue;
      if (!next || (atHand.size === 0 && !turns.begin())) return;
      queue.shift();
      atHand.set(++lastId, next);
      worker ??= news.handOver(startWorker({ script, maxHeapMb, settle, die }));
      handTo(worker, { id: lastId, order: next.order, mayRest: turns.mayRest() });
    }
  }

  const hasRoom = (more: number) => waitingBytes === 0 || (waitingBytes + more <= maxBytes && queue.length < maxOrders);

  return {
    /** Whether a request of so many bytes would be taken. */
    hasRoom,
    /** Throws `overloaded` while too much waits, and `unavailable` when the thread died over it. The bytes are gone afterwards. */
    digest(order: Order): Promise<Digest> {
      const bytes = order.bytes.byteLength;
      if (isClosed || !hasRoom(bytes)) return Promise.reject(isClosed ? stopping() : overloaded());
      waitingBytes += bytes;
      return new Promise((resolve, reject) => {
        queue.push({ order, bytes, resolve, reject });
        feed();
      });
    },
    /** To be called when it may have a turn that it had not. */
    wake: feed,
    /** Removes an order from the thread's memory if it could not be stored. Later orders are read without it. */
    forget: (marks: Uint32Array): void => worker?.postMessage({ forget: marks } satisfies Question),
    /** Reports a call that was recorded elsewhere. */
    note: (call: NotedCall): void => news.tell(worker, { call }),
    waitingRequests: () => queue.length + atHand.size,
    waitingBytes: () => waitingBytes,
    restarts: () => restarts,
    async close(): Promise<void> {
      isClosed = true;
      const ending = worker;
      worker = null;
      for (const { reject } of [...atHand.values(), ...queue.splice(0)]) reject(stopping());
      atHand.clear();
      await ending?.terminate();
    },
  };
}

function handTo(worker: Worker, asked: OrderQuestion): void {
  const bytes = ownBuffer(asked.order.bytes);
  worker.postMessage({ ...asked, order: { ...asked.order, bytes } } satisfies Question, [bytes.buffer]);
}

/** Messages to a thread in addition to orders: immediately while there is one, otherwise the latest when one starts. */
function createNews() {
  const waiting: Question[] = [];
  return {
    tell(worker: Worker | null, question: Question): void {
      if (worker) worker.postMessage(question);
      else if (waiting.push(question) > MAX_NOTED) waiting.shift();
    },
    handOver(worker: Worker): Worker {
      for (const question of waiting.splice(0)) worker.postMessage(question);
      return worker;
    },
  };
}

type Life = {
  readonly script: URL;
  readonly maxHeapMb: number;
  settle(answer: Answer): void;
  die(worker: Worker, error: Error): void;
};

function startWorker({ script, maxHeapMb, settle, die }: Life): Worker {
  const worker = new Worker(script, {
    name: "otlp",
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
  });
  worker.unref();
  worker.on("message", settle);
  worker.on("error", (error: Error) => die(worker, error));
  worker.on("exit", () => die(worker, new Error("the thread ended")));
  return worker;
}

/**
 * The bytes in a buffer without other users, because a transfer takes the whole buffer. Empty bytes share one buffer,
 * which can be transferred only once.
 */
function ownBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const isOwn = bytes.byteLength > 0 && buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength;
  return isOwn ? new Uint8Array(buffer) : new Uint8Array(bytes);
}
