import { AppError } from "../../../kernel/errors.ts";
import type { createPrompts } from "../../build/prompts/index.ts";
import type { createDatasets } from "../../data/datasets/index.ts";
import type { EvalDatasets, EvalPrompts, VersionHead } from "./run/deps.ts";

type Datasets = Pick<ReturnType<typeof createDatasets>, "whole" | "items" | "versions">;
type Prompts = Pick<ReturnType<typeof createPrompts>, "use" | "preview" | "read">;

const PAGE = 1_000;
const RETRY_AFTER_SECONDS = 5;

/** Datasets as experiments need them. */
export const fromDatasets = ({ whole, items, versions }: Datasets): EvalDatasets => ({
  get: whole.get,
  openVersion: whole.openVersion,
  readItems: whole.readItems,
  async listVersions(scope, datasetId) {
    const heads: VersionHead[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await versions.list(scope, datasetId, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
      heads.push(
        ...page.items.map(({ version: number, root, parent, mergedFrom }) => ({ number, root, parent, mergedFrom })),
      );
      if (page.nextCursor === null) return heads;
      cursor = page.nextCursor;
    }
  },
  async findItems(scope, { datasetId, version: at, filter }, signal) {
    const ids = new Set<string>();
    for (let cursor: string | undefined; ; ) {
      signal.throwIfAborted();
      const query = { at, filter, sort: "", columns: "split", limit: PAGE, cursor };
      const page = await items.list(scope, datasetId, query);
      if (page.searchedRows < page.rows)
        throw new AppError("unavailable", {
          message:
            "The items of the dataset are still being indexed, so the filter is not available yet. Try again shortly.",
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        });
      for (const { itemId } of page.items) ids.add(itemId);
      if (page.nextCursor === null) return ids;
      cursor = page.nextCursor;
    }
  },
});

/** Prompts as experiments need them. */
export const fromPrompts = ({ use, preview, read }: Prompts): EvalPrompts => ({
  use,
  preview: (scope, { content, inputs }) => preview(scope, { content, inputs }),
  async find(scope, { name, label, version }) {
    const { prompt } = await read(scope, name, { label, version });
    return { version: prompt.version, model: prompt.model };
  },
});
