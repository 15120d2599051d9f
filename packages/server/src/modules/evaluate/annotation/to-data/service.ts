import type { FeedbackToDataset, FeedbackToDatasetInput, Item } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Datasets } from "../../../data/datasets/index.ts";
import { createDropped } from "../evidence/dropped.ts";
import type { FeedbackLists } from "../evidence/list-feedback.ts";
import { balanceLabels } from "./balance-labels.ts";
import { buildRows, CONVERSION_VERSION } from "./build-rows.ts";
import { createGathering, type GatheringDeps } from "./gather.ts";
import { guardPrivacy } from "./guard-privacy.ts";
import { linkFeedback } from "./link-feedback.ts";

type Deps = GatheringDeps & {
  readonly feedback: Pick<FeedbackLists, "idsOfTraces">;
  readonly datasets: {
    readonly edits: Pick<Datasets["edits"], "addItems">;
    readonly whole: Pick<Datasets["whole"], "openDraft">;
  };
};

const SHOWN = 10;
/** The secret for placeholders of a dry run without a dataset, which are shown and not stored. */
const NO_SECRET = Buffer.from("a dry run");

/** Training or evaluation rows from human judgements. Each row names its sources. */
export function createToData({ datasets, feedback, ...deps }: Deps) {
  const gather = createGathering(deps);

  return {
    async add(scope: Scope, input: FeedbackToDatasetInput): Promise<FeedbackToDataset> {
      const { from, shape, datasetId, branch, rules, isDryRun } = input;
      if (!isDryRun && datasetId === undefined) throw lacksDataset();
      const dataset = datasetId === undefined ? null : await datasets.whole.openDraft(scope, { datasetId, branch });
      const dropped = createDropped();
      const { found, ...evidence } = await gather(scope, from, dropped);
      const built = await linkFeedback(scope, feedback, buildRows({ ...evidence, shape, rules, dropped }));
      const guarded = guardPrivacy(built, rules.privacy, { secret: dataset?.secret ?? NO_SECRET, dropped });
      const { rows, masked } = guarded;
      const answer = {
        found,
        rows: rows.length,
        splits: countSplits(rows),
        masked,
        dropped: dropped.list(),
        samples: rows.slice(0, SHOWN),
        weights: balanceLabels(rows),
      };
      if (isDryRun || datasetId === undefined) return { ...answer, draft: null };
      if (rows.length === 0) throw nothingLeft(answer);
      const recipe = {
        feedbackToDataset: { version: CONVERSION_VERSION, from, shape, rules, weights: answer.weights },
      };
      const summary = `Added ${rows.length} ${rows.length === 1 ? "row" : "rows"} for ${shape} from ${from.kind}`;
      const step = { kind: "feedback" as const, summary, recipe };
      const { draft } = await datasets.edits.addItems(scope, { datasetId, branch }, { items: rows, step });
      return { ...answer, draft };
    },
  };
}
export type ToData = ReturnType<typeof createToData>;

const countSplits = (rows: readonly Item[]) =>
  [...Map.groupBy(rows, ({ split }) => split)].map(([split, { length }]) => ({ split, rows: length }));

const lacksDataset = () =>
  new AppError("invalid_request", {
    message: "`datasetId` is missing. Name the dataset for the rows, or set `isDryRun` to preview the result.",
    details: { field: "datasetId" },
  });

const nothingLeft = ({ found, dropped }: Pick<FeedbackToDataset, "found" | "dropped">) =>
  new AppError("unprocessable", {
    message:
      found === 0
        ? "There is nothing to make rows from. Widen the filter, or collect preferences first."
        : `None of the ${found} entries becomes a row: ${dropped.map(({ reason, count }) => `${count}: ${reason}`).join(" ")}`,
    details: { dropped },
  });
