import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import type { Item, TrainingConfig, TrainingData, TrainingFormat } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import { createPromptReader } from "./apply-prompt.ts";
import { type Side, sidesOfSource } from "./choose-side.ts";
import { openSource, type Source } from "./open-source.ts";
import { formatOf, rowOfItem } from "./row-of-item.ts";

type Writing = {
  readonly config: TrainingConfig;
  /** Where `data/train.jsonl` and `data/val.jsonl` go. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Stop after so many rows of the train side; for previews. */
  readonly most?: number;
  /** Converts an item. By default, to the format of Treadle's trainer. */
  readonly rowOf?: typeof rowOfItem;
};
type Bad = { readonly ref: string; readonly itemId: string; readonly pointer: string; readonly message: string };

const MOST_TOLD = 3;
const FITTING: Readonly<Record<TrainingConfig["method"], readonly TrainingFormat[]>> = {
  sft: ["chat", "prompt_completion", "text"],
  dpo: ["preference"],
  reward: ["preference"],
  kto: ["kto"],
};

/**
 * Writes the training and evaluation rows of a run. Throws `unprocessable` with the invalid rows, or the empty side.
 */
export async function writeData(deps: TrainingDeps, scope: Scope, writing: Writing): Promise<TrainingData> {
  const { config, folder, signal, most = Number.POSITIVE_INFINITY, rowOf = rowOfItem } = writing;
  const sources = await Promise.all(config.datasets.map(({ ref }) => openSource(deps, scope, ref)));
  const shaped = config.datasets.map(createPromptReader);
  const format = await formatFor(config, sources, signal);
  const data = join(folder, "data");
  await mkdir(data, { recursive: true });
  const files = { train: createRows(join(data, "train.jsonl")), val: createRows(join(data, "val.jsonl")) };
  const bad: Bad[] = [];
  const counts = { skipped: 0 };
  const told: TrainingData["sources"] = [];
  try {
    for (const [place, source] of sources.entries()) {
      const sideOf = await sidesOf(config, { source, place, signal });
      // The trainer names the rows that it leaves out by this; a provider is sent nothing but the row.
      const named = (row: object, { itemId: item }: Item) =>
        rowOf === rowOfItem ? { ...row, _row: { source: place, item } } : row;
      const shape = shaped[place] ?? ((item: Item) => item);
      let rows = 0;
      for await (const item of source.items(signal)) {
        if (files.train.count() >= most) break;
        const side = sideOf(item);
        const row =
          side === null ? null : readRow(item, { format, source, bad, rowOf: (one, as) => rowOf(shape(one), as) });
        if (side !== null && row === null) counts.skipped++;
        if (side === null || row === null) continue;
        rows++;
        await files[side].write(JSON.stringify(named(row, item)));
      }
      const { items: _, ...rest } = source;
      told.push({ ...rest, rows });
    }
    refuseBad(config, bad, counts.skipped);
    await Promise.all([files.train.end(), files.val.end()]);
  } catch (error) {
    await Promise.all([files.train.drop(), files.val.drop()]);
    throw explained(error, folder);
  }
  const result = { format, train: files.train.count(), val: files.val.count(), ...counts, sources: told };
  refuseEmpty(config, result);
  return result;
}

/** With several sources, each uses its own splits, so that rows of one do not affect another. */
async function sidesOf(
  config: TrainingConfig,
  { source, place, signal }: { readonly source: Source; readonly place: number; readonly signal: AbortSignal },
): Promise<(item: Item) => Side | null> {
  if (config.datasets[place]?.hold_out) return () => "val";
  const splits = new Set<string | null>();
  for await (const { split } of source.items(signal)) splits.add(split);
  const split = config.datasets[place]?.split ?? null;
  for (const wanted of [split, config.val.split])
    if (wanted !== null && !splits.has(wanted)) throw noSplit(source.ref, wanted, splits);
  return sidesOfSource(config, place, splits);
}

function noSplit(ref: string, wanted: string, splits: ReadonlySet<string | null>): AppError {
  const known = [...splits].map((split) => split ?? "(none)").toSorted();
  return new AppError("unprocessable", {
    message: `Dataset ${ref} has no items in the split "${wanted}". Available splits: ${known.join(", ") || "none, the dataset is empty"}.`,
    details: { param: "datasets" },
  });
}

async function formatFor(config: TrainingConfig, sources: readonly Source[], signal: AbortSignal) {
  const asked = new Set(config.datasets.map(({ format }) => format).filter((format) => format !== "auto"));
  if (asked.size > 1)
    throw new AppError("unprocessable", {
      message: `The datasets have the formats ${[...asked].join(" and ")}, but a run needs a single format. Use the same format for all datasets.`,
      details: { param: "datasets" },
    });
  const fitting = FITTING[config.method];
  const [named] = asked;
  const format = named ?? (await firstFormat(config, sources, signal)) ?? fitting[0] ?? "chat";
  if (fitting.includes(format)) return format;
  throw new AppError("unprocessable", {
    message: `The method ${config.method} needs ${fitting.join(" or ")} data, but the data is ${format}. Use other data, or another method.`,
    details: { param: "method" },
  });
}

/** A prompt makes chats of any item. */
async function firstFormat(
  config: TrainingConfig,
  sources: readonly Source[],
  signal: AbortSignal,
): Promise<TrainingFormat | null> {
  for (const [place, source] of sources.entries())
    for await (const item of source.items(signal)) return config.datasets[place]?.prompt ? "chat" : formatOf(item);
  return null;
}

type Reading = { format: TrainingFormat; source: Source; bad: Bad[]; rowOf: typeof rowOfItem };

function readRow(item: Item, { format, source, bad, rowOf }: Reading) {
  try {
    return rowOf(item, format);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "unprocessable") throw error;
    const pointer = (error.details as { pointer?: string } | undefined)?.pointer ?? "";
    if (bad.length < MOST_TOLD) bad.push({ ref: source.ref, itemId: item.itemId, pointer, message: error.message });
    return null;
  }
}

function refuseBad({ on_bad_rows }: TrainingConfig, bad: readonly Bad[], skipped: number): void {
  if (skipped === 0 || on_bad_rows === "skip") return;
  const issueTexts = bad.map(({ ref, itemId, pointer, message }) => `${ref}, item ${itemId}, ${pointer}: ${message}`);
  const more = skipped > bad.length ? ` And ${skipped - bad.length} more.` : "";
  throw new AppError("unprocessable", {
    message: `${skipped} ${skipped === 1 ? "item" : "items"} cannot be used for training. ${issueTexts.join(" ")}${more} Fix them, or set \`on_bad_rows: skip\`.`,
    details: { param: "datasets", items: bad },
  });
}

function refuseEmpty(config: TrainingConfig, { train, val, skipped }: TrainingData): void {
  const why =
    skipped > 0
      ? ` ${skipped} ${skipped === 1 ? "row was" : "rows were"} skipped, because ${skipped === 1 ? "it does" : "they do"} not have the format.`
      : "";
  if (train === 0)
    throw new AppError("unprocessable", {
      message: `There are no rows to train on.${why} Check the splits of the data and \`datasets.split\`.`,
      details: { param: "datasets" },
    });
  if (val === 0 && config.eval.patience !== null)
    throw new AppError("unprocessable", {
      message:
        "`eval.patience` needs the loss on held-out rows, but no rows are held out. Set `val`, or remove `eval.patience`.",
      details: { param: "val" },
    });
}

const explained = (error: unknown, folder: string) =>
  error instanceof Error && "code" in error && error.code === "ENOSPC"
    ? new AppError("insufficient_storage", {
        message: `The disk of ${folder} is full. Free some disk space.`,
        cause: error,
      })
    : error;

/** Rows of a file that is there whole or not at all. */
function createRows(path: string) {
  const stream: WriteStream = createWriteStream(`${path}.part`);
  // The next write gets the error. Until then it must not end the program.
  let failure: Error | null = null;
  stream.on("error", (error) => {
    failure = error;
  });
  let count = 0;
  return {
    count: () => count,
    async write(line: string): Promise<void> {
      if (failure) throw failure;
      count++;
      if (!stream.write(`${line}\n`))
        await new Promise<void>((resolve, reject) => {
          const done = () => {
            stream.off("drain", done);
            stream.off("error", done);
            if (failure) reject(failure);
            else resolve();
          };
          stream.once("drain", done);
          stream.once("error", done);
        });
    },
    async end(): Promise<void> {
      stream.end();
      await finished(stream);
      await rename(`${path}.part`, path);
    },
    async drop(): Promise<void> {
      stream.destroy();
      await rm(`${path}.part`, { force: true });
    },
  };
}
