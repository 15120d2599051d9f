import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobHandler, JobKind } from "../../../../platform/jobs/port.ts";
import type { ReplayDeps } from "../stores/deps.ts";
import { createReplayStore, type ReplayRow } from "../stores/replay-store.ts";
import { experimentOf, tagOf } from "./experiment-input.ts";
import { fixCandidates } from "./fix-candidates.ts";
import { countStored, storeRecordings } from "./store-recordings.ts";
import { uploadBaseline } from "./upload-baseline.ts";

const Payload = z.object({ replayId: z.string() });
type Payload = z.output<typeof Payload>;
const State = z.object({});

export const replayJob: JobKind<Payload, z.output<typeof State>> = { name: "replay", payload: Payload, state: State };

/** Stores the recordings, uploads the recorded answers and starts the experiment. A step that is done is not repeated. */
export const createPrepareReplay = (deps: ReplayDeps): JobHandler<Payload, z.output<typeof State>> => ({
  async run({ scope, payload: { replayId }, signal, report }) {
    const store = createReplayStore(deps.db);
    const found = await store.find(scope.projectId, replayId);
    if (!found) throw new AppError("not_found", { message: "The replay was deleted." });
    report({ message: "Reading the recorded calls" });
    const stored = await recordingsOf(deps, scope, { row: found, signal });
    await store.update(scope.projectId, replayId, { datasetVersion: stored.version, recorded: stored.recorded });
    const row = { ...found, datasetVersion: stored.version };
    report({ message: "Storing the recorded answers" });
    const baselineRunId = await uploadBaseline(deps, scope, { row, version: stored.version, signal });
    await store.update(scope.projectId, replayId, { baselineRunId });
    const experimentId = await startExperiment(deps, scope, { ...row, baselineRunId });
    await store.update(scope.projectId, replayId, { experimentId, state: "started" });
    return { replayId, experimentId, baselineRunId, items: stored.recorded.items };
  },
});

type Work = { readonly row: ReplayRow; readonly signal: AbortSignal };

async function recordingsOf(deps: ReplayDeps, scope: Scope, { row, signal }: Work) {
  const { input, datasetId, datasetVersion } = row;
  if (input.source.kind === "traffic") return storeRecordings(deps, scope, { datasetId, source: input.source, signal });
  const version = datasetVersion ?? input.source.version;
  return { version, recorded: await countStored(deps, scope, { datasetId, version, signal }) };
}

async function startExperiment(deps: ReplayDeps, scope: Scope, row: ReplayRow): Promise<string> {
  const { experiments } = deps.experiments;
  const [existing] = (await experiments.list(scope, { tag: tagOf(row.id), search: "", limit: 1 })).items;
  if (existing) return existing.experimentId;
  const input = experimentOf(row.input, {
    replayId: row.id,
    dataset: { datasetId: row.datasetId, version: row.datasetVersion ?? "main" },
    variants: await fixCandidates(deps, scope, row.input.candidates),
    baseline: row.baselineRunId,
  });
  return (await experiments.start(scope, input)).experimentId;
}
