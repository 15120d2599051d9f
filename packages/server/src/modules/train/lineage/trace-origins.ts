import type { ModelVersion, TrainingRun } from "@treadle/contract";
import type { NamedVersion, VersionPlace } from "./deps.ts";
import { type Drawing, factsOf, HIDDEN, ifThere, mayRead } from "./graph.ts";
import { addData, addUnread } from "./trace-data.ts";

/** The maximum depth of trained bases. A longer chain is cut off. */
const MOST_BASES = 5;

export const versionId = (name: string, version: number) => `version:${name}@v${version}`;
export const runId = (trainingRunId: string) => `run:${trainingRunId}`;

/** Gives the step's id, and the version where it is there and may be read. */
export async function addVersion(drawing: Drawing, { name, version: number }: NamedVersion, depth = 0) {
  const { scope, graph, registry } = drawing;
  const id = versionId(name, number);
  const step = { id, kind: "version", label: `${name} v${number}` } as const;
  if (graph.has(id)) return { id, version: undefined };
  if (!mayRead(scope, "models:read")) {
    graph.add({ ...step, state: "hidden", note: HIDDEN });
    return { id, version: undefined };
  }
  const version = await ifThere(registry.get(scope, { name, version: String(number) }));
  if (!version) {
    graph.add({ ...step, state: "gone", note: "This version was deleted, together with the record of its origin." });
    return { id, version: undefined };
  }
  graph.add({ ...step, ...describeVersion(version) });
  await addMaking(drawing, version, depth);
  return { id, version };
}

/** A version's run with its data; without one what the version itself knows. */
async function addMaking(drawing: Drawing, version: ModelVersion, depth: number): Promise<void> {
  const { graph } = drawing;
  const id = versionId(version.name, version.version);
  if (version.runId !== null) {
    graph.join(await addRun(drawing, version.runId, { made: version, depth }), id, "made");
    return;
  }
  for (const data of version.data) graph.join(await addData(drawing, { ...data, fileId: null }), id, "was given to");
  if (version.base)
    graph.join(
      await addBase(drawing, version.base, depth),
      id,
      version.format.includes("adapter") ? "is under" : "became",
    );
}

/** A run with its data and base. `made`: a version that it gave, which knows its data even when the run was deleted. */
export async function addRun(
  drawing: Drawing,
  trainingRunId: string,
  { made, depth = 0 }: { readonly made?: ModelVersion; readonly depth?: number } = {},
): Promise<string> {
  const { scope, graph, training } = drawing;
  const id = runId(trainingRunId);
  if (graph.has(id)) return id;
  const step = { id, kind: "training-run", label: "Training run" } as const;
  const isReadable = mayRead(scope, "training:read");
  const run = isReadable ? await ifThere(training.get(scope, trainingRunId)) : undefined;
  if (run) {
    addKnownRun(drawing, run);
    for (const source of run.data?.sources ?? []) graph.join(await addData(drawing, source), id, "was given to");
    if (!run.data)
      for (const { ref } of run.config.datasets)
        graph.join(addUnread(drawing, ref, "The run has not read its data yet."), id, "was given to");
    const base = made?.base ? await addBase(drawing, made.base, depth) : addNamedBase(drawing, run);
    graph.join(base, id, "was the start of");
    return id;
  }
  graph.add({
    ...step,
    facts: factsOf({ Run: trainingRunId }),
    ...(isReadable
      ? { state: "gone", note: "The run was deleted. The version still records its data and its base." }
      : { state: "hidden", note: HIDDEN }),
  });
  for (const data of made?.data ?? [])
    graph.join(await addData(drawing, { ...data, fileId: null }), id, "was given to");
  if (made?.base) graph.join(await addBase(drawing, made.base, depth), id, "was the start of");
  return id;
}

/** A run as a step alone. */
export function addKnownRun({ graph }: Pick<Drawing, "graph">, run: TrainingRun): string {
  return graph.add({ id: runId(run.trainingRunId), kind: "training-run", ...describeRun(run) });
}

async function addBase(drawing: Drawing, base: NonNullable<ModelVersion["base"]>, depth: number): Promise<string> {
  const { graph } = drawing;
  if (base.version && depth < MOST_BASES) return (await addVersion(drawing, base.version, depth + 1)).id;
  if (base.version) {
    graph.cut();
    const { name, version } = base.version;
    const target = { to: "version", name, version } as const;
    return graph.add({ id: versionId(name, version), kind: "version", label: `${name} v${version}`, target });
  }
  const named = /^(?!local:)([^@/]+)@v(\d+)$/.exec(base.ref);
  const isGone = named !== null;
  return graph.add({
    id: `base:${base.ref}`,
    kind: "base",
    label: base.ref.replace(/^local:/, ""),
    facts: factsOf({ "SHA-256": base.hash?.slice(0, 12) }),
    ...(isGone
      ? { state: "gone", note: "This version was deleted from the registry." }
      : { note: "A model on this machine. Its training data is not known here.", target: { to: "models" } }),
  });
}

/** The base of a run that gave no version: no more is known than how it was named. */
const addNamedBase = ({ graph }: Drawing, { base }: Pick<TrainingRun, "base">): string =>
  graph.add({
    id: `base:${base.ref}`,
    kind: "base",
    label: base.ref,
    note: "As named by the run.",
    facts: factsOf({ "SHA-256": base.hash?.slice(0, 12) }),
    target: { to: "models" },
  });

function describeVersion({ name, version, format, stage, runId: made, source, data, base, createdAt }: ModelVersion) {
  const isBare = made === null && data.length === 0;
  return {
    facts: factsOf({
      Format: format,
      Stage: stage === "none" ? null : stage,
      Made: createdAt,
      Source: made === null ? source : null,
    }),
    note: isBare
      ? `It was imported, so no training run of this project made it${base ? "" : ", and its data and base are unknown"}.`
      : "",
    target: { to: "version", name, version } as const,
  };
}

function describeRun({ trainingRunId, name, status, config, data, progress, endedAt }: TrainingRun) {
  return {
    label: name,
    facts: factsOf({
      Method: config.method,
      Status: status,
      ...rowsOf(data),
      "Best held-out loss": progress.bestEvalLoss?.toFixed(3),
      Ended: endedAt,
    }),
    target: { to: "training-run", trainingRunId } as const,
  };
}

/** Rows that the trainer used, if reported. */
function rowsOf(data: TrainingRun["data"]) {
  const keptRows = data?.kept ?? data;
  const leftOut = data?.kept ? data.train + data.val - data.kept.train - data.kept.val : 0;
  return {
    "Rows trained on": keptRows?.train,
    "Rows held out": keptRows?.val,
    "Rows left out by the trainer": leftOut > 0 ? leftOut : null,
  };
}

export const placeOf = ({ name, version }: { name: string; version: number }): VersionPlace => ({
  name,
  version: String(version),
});
