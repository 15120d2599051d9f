import type { CurationPreview, CurationPreviewInput } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Manifest } from "../../datasets/index.ts";
import type { CuratedDatasets } from "../stores/curated-datasets.ts";
import { chooseStep, runStep } from "./run-step.ts";
import type { ToolsFor } from "./step-tools.ts";

type Deps = { readonly datasets: CuratedDatasets; readonly toolsFor: ToolsFor };
type Asked = { readonly datasetId: string; readonly input: CurationPreviewInput; readonly signal: AbortSignal };

/** A user waits for the preview on screen. */
const LONGEST_MS = 60_000;

/** Previews a step on all items of the draft or an evenly spread sample. Nothing is written. */
export const createPreview = ({ datasets, toolsFor }: Deps) =>
  async function preview(scope: Scope, { datasetId, input, signal: asker }: Asked): Promise<CurationPreview> {
    const chosen = chooseStep(input.step);
    const draft = await datasets.openDraft(scope, { datasetId, branch: input.branch });
    const part = partOf(draft.manifest, input.rows);
    const limit = AbortSignal.timeout(LONGEST_MS);
    const signal = AbortSignal.any([asker, limit]);
    const rows = Math.min(part.rows, input.rows);
    const context = {
      signal,
      secret: draft.secret,
      rows,
      tools: toolsFor({ scope, datasetId, signal }),
      read: () => first(datasets.readItems(scope, part, { signal }), rows),
      progress: () => undefined,
    };
    const running = runStep(chosen, context, input.samples);
    try {
      for await (const _ of running.items) signal.throwIfAborted();
    } catch (error) {
      if (limit.aborted && !asker.aborted) throw tooLong(input.rows, error);
      throw error;
    }
    return { ...running.outcome(), totalRows: draft.manifest.rows };
  };

/** Chunks spread evenly that hold about as many rows as wanted, and no fewer. */
function partOf(manifest: Manifest, rows: number): Manifest {
  if (manifest.rows <= rows) return manifest;
  const wanted = Math.min(manifest.chunks.length, Math.ceil((rows / manifest.rows) * manifest.chunks.length) + 1);
  const chunks = Array.from(
    { length: wanted },
    (_, place) => manifest.chunks[Math.floor((place * manifest.chunks.length) / wanted)],
  ).filter((chunk) => chunk !== undefined);
  return { ...manifest, chunks, rows: chunks.reduce((sum, chunk) => sum + chunk.rows, 0) };
}

async function* first<T>(items: AsyncIterable<T>, count: number): AsyncGenerator<T, void, void> {
  let left = count;
  if (left <= 0) return;
  for await (const item of items) {
    yield item;
    if (--left === 0) return;
  }
}

const tooLong = (rows: number, cause: unknown) =>
  new AppError("unprocessable", {
    message: `The preview of ${rows} items took more than ${LONGEST_MS / 1_000} seconds. Preview fewer \`rows\`, or apply the step: you can undo it.`,
    cause,
  });
