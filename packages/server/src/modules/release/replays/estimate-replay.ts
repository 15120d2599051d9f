import type { Item, RecordedTraffic, ReplayEstimate, ReplayInput } from "@treadle/contract";
import { countOf } from "../../../kernel/count-of.ts";
import { AppError } from "../../../kernel/errors.ts";
import { isRecord } from "../../../kernel/is-record.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { collectItems, countItems } from "./recordings/collect-items.ts";
import { experimentOf } from "./run/experiment-input.ts";
import { fixCandidates } from "./run/fix-candidates.ts";
import { nothingRecorded } from "./run/store-recordings.ts";
import type { ReplayDeps } from "./stores/deps.ts";

type Work = { readonly input: ReplayInput; readonly signal: AbortSignal };

/** What a replay would answer and cost. Stores nothing and calls no model. */
export async function estimateReplay(deps: ReplayDeps, scope: Scope, work: Work): Promise<ReplayEstimate> {
  const { input, signal } = work;
  const variants = await fixCandidates(deps, scope, input.candidates);
  const { items, recorded } = await itemsOf(deps, scope, work);
  if (!items.some(({ metadata }) => isRecord(metadata.recording))) throw nothingRecorded(input.source);
  const dataset = { datasetId: "estimate", version: "main" };
  const experiment = experimentOf(input, { replayId: "estimate", dataset, variants, baseline: null });
  const estimate = await asCandidates(() =>
    deps.experiments.replayed.estimate(scope, { input: experiment, items, signal }),
  );
  const hasPrompt = variants.some(({ prompt }) => prompt !== null);
  return { recorded, estimate, warnings: warningsOf(recorded, hasPrompt) };
}

/** An error of a variant of the experiment is an error of the candidate at the same place. */
async function asCandidates<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || !/^variants\.\d+:/.test(error.message)) throw error;
    const [place = "", ...words] = error.message.replace("variants", "candidates").split(":");
    const details = { param: `${place}.model` };
    throw new AppError(error.code, { message: `${place}:${words.join(":")}`, details, cause: error });
  }
}

async function itemsOf(deps: ReplayDeps, scope: Scope, { input: { source }, signal }: Work) {
  if (source.kind === "traffic") return collectItems(deps, scope, { source, signal });
  const { whole } = deps.datasets;
  const { manifest } = await whole.openVersion(scope, source);
  const items: Item[] = [];
  for await (const item of whole.readItems(scope, manifest, { signal })) items.push(item);
  return { items, recorded: countItems(items) };
}

/** What makes the result of a replay less certain, and what to do. */
function warningsOf(
  { timeDependent, withoutInputs, withAnswer, items }: RecordedTraffic,
  hasPrompt: boolean,
): string[] {
  return [
    timeDependent > 0 &&
      `${timeDependent} of ${countOf(items, "input")} contain the date of the recording. Their answers may differ today. The metadata field timeDependent marks them.`,
    hasPrompt &&
      withoutInputs > 0 &&
      `${withoutInputs} of ${countOf(items, "recording")} lack the variables of their stored prompt. There, the prompt of a candidate comes before the recorded messages.`,
    withAnswer < items &&
      `${items - withAnswer} of ${countOf(items, "recording")} have no recorded answer, so they cannot be compared.`,
  ].filter((warning) => warning !== false);
}
