import { availableParallelism } from "node:os";
import { buffer } from "node:stream/consumers";
import { AppError } from "../../../../kernel/errors.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import type { BlockWriter } from "../chunks/item-streams.ts";
import type { ManifestChunk } from "../chunks/manifest.ts";
import { readRange } from "../files/ask-thread.ts";
import { FILE_LIMITS } from "../files/limits.ts";
import type { Content } from "../files/row.ts";
import { cutStripes } from "./cut-stripes.ts";
import type { Tally } from "./import-items.ts";
import type { ImportSettings, ImportTask } from "./import-thread.ts";
import { borrowThreads, giveBackThreads, type ImportThread as Thread } from "./import-threads.ts";
import { createBlockJoiner } from "./join-blocks.ts";

type Options = {
  readonly content: Content;
  readonly settings: ImportSettings;
  /** Whether the file is plain JSONL, which can be cut anywhere between two lines. */
  readonly isPlainLines: boolean;
  readonly keepGoodRows: boolean;
  /** The chunks that are there, of which the last ended only because there was no more. */
  readonly before: readonly ManifestChunk[];
  readonly objects: Pick<Objects, "get">;
  readonly signal: AbortSignal;
  readonly onRows: (rowsRead: number) => void;
};

const MOST_THREADS = 2;
/** A file that one thread reads as quickly as others start. */
const SMALL_BYTES = 4 * 1024 * 1024;
/** Tasks per thread in flight, so that it never waits for the next one. */
const TASKS_AT_ONCE = 2;
/** A row of a file is seldom shorter. */
const BYTES_OF_ROW = 256;

/** Reads a file in threads, writes its rows behind those that are there, and gives the tally. */
export async function importRows(writer: BlockWriter, options: Options): Promise<Tally> {
  const { content, settings, isPlainLines, keepGoodRows, before, signal, onRows } = options;
  const isShared = (isPlainLines && content.sizeBytes > SMALL_BYTES) || before.length > MOST_THREADS;
  const count = isShared ? Math.min(MOST_THREADS, availableParallelism()) : 1;
  const threads = borrowThreads(count, settings);
  const expectedRows = before.reduce((sum, { rows }) => sum + rows, content.sizeBytes / BYTES_OF_ROW);
  const joiner = createBlockJoiner({ writer, keepGoodRows, expectedRows });
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => undefined);
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop);
  /** Pending requests to the threads, in order. */
  const asked: { readonly thread: Thread; readonly task: ImportTask }[] = [];
  const pools: Pools = { stripes: [], lines: [] };
  const hear = (thread: Thread) => Promise.race([thread.next(), aborted]);
  const toTake = { content, joiner, pools, hear, onRows };
  try {
    signal.throwIfAborted();
    let turn = 0;
    for await (const task of tasksOf(options, pools)) {
      const thread = threads[turn++ % count];
      if (thread) asked.push({ thread, task });
      thread?.tell(task, transferOf(task));
      const first = asked.length >= count * TASKS_AT_ONCE ? asked.shift() : undefined;
      if (first) await takeAnswer(first, toTake);
    }
    for (const next of asked) await takeAnswer(next, toTake);
    giveBackThreads(threads);
    return joiner.tally;
  } catch (error) {
    // Their state is unknown.
    await Promise.all(threads.map((thread) => thread.close()));
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Buffers that the threads exchange, so that no new ones are allocated. */
type Pools = { readonly stripes: Uint8Array[]; readonly lines: Uint8Array[] };

async function* tasksOf(
  { content, isPlainLines, before, objects }: Options,
  { stripes, lines }: Pools,
): AsyncGenerator<ImportTask, void, undefined> {
  for (const [place, { object }] of before.entries()) {
    const packed = new Uint8Array(await buffer(await objects.get(object)));
    yield { kind: place === before.length - 1 ? "rows" : "ids", packed };
  }
  if (!isPlainLines) return yield { kind: "file" };
  const cut = { lineBytes: FILE_LIMITS.lineBytes, spare: () => stripes.pop() };
  for await (const stripe of cutStripes(content.lend?.() ?? content.read(), cut))
    yield { kind: "lines", ...stripe, spare: lines.pop() ?? null };
}

const transferOf = (task: ImportTask): ArrayBuffer[] =>
  task.kind === "ids" || task.kind === "rows" ? [task.packed.buffer] : [];

type Taking = Pick<Options, "content" | "onRows"> & {
  readonly joiner: ReturnType<typeof createBlockJoiner>;
  readonly pools: Pools;
  hear(thread: Thread): ReturnType<Thread["next"]>;
};

async function takeAnswer({ thread, task }: { thread: Thread; task: ImportTask }, taking: Taking): Promise<void> {
  const { content, joiner, pools, hear, onRows } = taking;
  for (;;) {
    const message = await hear(thread);
    if (message.kind === "end") return;
    if (message.kind === "refused") throw new AppError("unprocessable", message);
    if (message.kind === "failed") throw new Error(`The file could not be read: ${message.message}`);
    if (message.kind === "read") thread.answer({ bytes: await readRange(content, message) });
    else if (message.kind === "ids") return joiner.takeIds(message.ids);
    else if (task.kind === "rows") return joiner.keep(message.batch);
    else {
      await joiner.add(message.batch, message.tally);
      onRows(joiner.tally.rowsRead);
      if (message.spent) pools.stripes.push(message.spent);
      if (task.kind === "lines") return void pools.lines.push(message.batch.lines);
      thread.answer({ bytes: null });
    }
  }
}
