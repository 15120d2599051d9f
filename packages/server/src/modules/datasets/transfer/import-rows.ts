import { availableParallelism } from "node:os";
import { buffer } from "node:stream/consumers";
import { AppError } from "../../../kernel/errors.ts";
import type { Objects } from "../../../platform/objects/port.ts";
import { openThread, readRange } from "../files/ask-thread.ts";
import { FILE_LIMITS } from "../files/limits.ts";
import type { Content } from "../files/row.ts";
import type { BlockWriter } from "../item-streams.ts";
import type { ManifestChunk } from "../manifest.ts";
import { cutStripes } from "./cut-stripes.ts";
import type { Tally } from "./import-items.ts";
import type { ImportAsk, ImportSettings, ImportTask } from "./import-thread.ts";
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

/** A line of 16 MiB, read and written, fits several times. */
const HEAP_MB = 1_024;
/** Rows live for a moment; a young generation that holds many of them is emptied seldom. */
const YOUNG_MB = 32;
const MOST_THREADS = 2;
/** A file that one thread reads as quickly as others start. */
const SMALL_BYTES = 4 * 1024 * 1024;
/** Tasks that each thread has at once, so that it never waits for the next one. */
const TASKS_AT_ONCE = 2;
const SCRIPT = new URL("./import-thread.ts", import.meta.url);

/** Reads a file in threads, writes its rows behind those that are there, and gives the tally. */
export async function importRows(writer: BlockWriter, options: Options): Promise<Tally> {
  const { content, settings, isPlainLines, keepGoodRows, before, signal, onRows } = options;
  const isShared = (isPlainLines && content.sizeBytes > SMALL_BYTES) || before.length > MOST_THREADS;
  const count = isShared ? Math.min(MOST_THREADS, availableParallelism()) : 1;
  const threads = Array.from({ length: count }, () =>
    openThread<ImportAsk>(SCRIPT, { settings, heapMb: HEAP_MB, youngMb: YOUNG_MB }),
  );
  const joiner = createBlockJoiner({ writer, keepGoodRows });
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => undefined);
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop);
  /** What the threads have been asked for and not answered yet, in order. */
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
    return joiner.tally;
  } finally {
    signal.removeEventListener("abort", stop);
    await Promise.all(threads.map((thread) => thread.close()));
  }
}

type Thread = ReturnType<typeof openThread<ImportAsk>>;
/** Bytes that go to and fro between the threads, so that none are allotted anew. */
type Pools = { readonly stripes: Uint8Array<ArrayBuffer>[]; readonly lines: Uint8Array<ArrayBuffer>[] };

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
  for await (const stripe of cutStripes(content.read(), cut))
    yield { kind: "lines", ...stripe, spare: lines.pop() ?? null };
}

function transferOf(task: ImportTask): ArrayBuffer[] {
  if (task.kind === "file") return [];
  if (task.kind !== "lines") return [task.packed.buffer];
  return [task.bytes.buffer, ...(task.spare ? [task.spare.buffer] : [])];
}

type Taking = Pick<Options, "content" | "onRows"> & {
  readonly joiner: ReturnType<typeof createBlockJoiner>;
  readonly pools: Pools;
  hear(thread: Thread): ReturnType<Thread["next"]>;
};

async function takeAnswer({ thread, task }: { thread: Thread; task: ImportTask }, taking: Taking): Promise<void> {
  const { content, joiner, pools, hear, onRows } = taking;
  for (;;) {
    const said = await hear(thread);
    if (said.kind === "end") return;
    if (said.kind === "refused") throw new AppError("unprocessable", said);
    if (said.kind === "failed") throw new Error(`The file could not be read: ${said.message}`);
    if (said.kind === "read") thread.answer({ bytes: await readRange(content, said) });
    else if (said.kind === "ids") return joiner.takeIds(said.ids);
    else if (task.kind === "rows") return joiner.keep(said.batch);
    else {
      await joiner.add(said.batch, said.tally);
      onRows(joiner.tally.rowsRead);
      if (said.spent) pools.stripes.push(said.spent);
      if (task.kind === "lines") return void pools.lines.push(said.batch.lines);
      thread.answer({ bytes: null });
    }
  }
}
