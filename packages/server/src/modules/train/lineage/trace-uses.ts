import type { ModelVersion, TrainingRun } from "@treadle/contract";
import type { DataPlace } from "./deps.ts";
import { type Drawing, factsOf, type Given, type Graph, HIDDEN, ifThere, mayRead } from "./graph.ts";
import { addKnownRun, addVersion, placeOf, runId, versionId } from "./trace-origins.ts";

/** Runs and versions of a dataset that are shown at most; the newest. */
const MOST_MADE = 50;
/** The number of spans that are searched for the newest answers of all shown versions. */
const MOST_ANSWERS = 200;

type Named = Pick<ModelVersion, "name" | "version" | "createdAt">;

const asked = ({ name, version }: Pick<Named, "name" | "version">) => `${name}@v${version}`;

/** Names, adapters over it, and answers. */
export async function addOfVersion(drawing: Drawing, version: ModelVersion): Promise<void> {
  await addNames(drawing, version);
  await addAnswers(drawing, [version]);
}

/** The version that a run gave, with its names and answers. */
export async function addOfRun(drawing: Drawing, run: Pick<TrainingRun, "trainingRunId" | "model">): Promise<void> {
  const { scope, graph, registry } = drawing;
  if (!mayRead(scope, "models:read")) return;
  const made = (await registry.findByRun(scope, run.trainingRunId)) ?? run.model;
  if (!made) return;
  const { id, version } = await addVersion(drawing, made);
  graph.join(runId(run.trainingRunId), id, "made");
  if (version) await addOfVersion(drawing, version);
}

/** Runs that were given a dataset, or just one version of it, their versions, and versions whose run was deleted. */
export async function addOfData(drawing: Drawing, from: string, data: DataPlace): Promise<void> {
  const { scope, graph, registry, training } = drawing;
  const runs = mayRead(scope, "training:read") ? await training.listMadeOf(scope, data, MOST_MADE) : [];
  const made = mayRead(scope, "models:read") ? await registry.listMadeOf(scope, data, MOST_MADE) : [];
  if (runs.length === MOST_MADE || made.length === MOST_MADE) graph.cut();
  for (const run of runs) graph.join(from, addKnownRun(drawing, run), "was given to");
  const versions: ModelVersion[] = [];
  for (const { name, version: number, runId: run } of made) {
    const version = await ifThere(registry.get(scope, placeOf({ name, version: number })));
    if (!version) continue;
    versions.push(version);
    const id = graph.add({
      id: versionId(name, number),
      kind: "version",
      label: `${name} v${number}`,
      facts: factsOf({ Stage: version.stage === "none" ? null : version.stage, Made: version.createdAt }),
      target: { to: "version", name, version: number },
    });
    if (run !== null && graph.has(runId(run))) graph.join(runId(run), id, "made");
    else graph.join(from, id, "was given to");
  }
  await addAnswers(drawing, versions);
}

/** Aliases and endpoints that lead to a version, and adapters over it. */
async function addNames({ scope, graph, registry }: Drawing, version: Named): Promise<void> {
  const self = versionId(version.name, version.version);
  const { nodes } = await registry.usesOf(scope, placeOf(version));
  for (const { kind, label, target } of nodes) {
    if (kind === "alias")
      graph.join(
        self,
        graph.add({ id: `name:${version.name}@${label}`, ...aliasStep(version.name, label) }),
        "answers as",
      );
    if (kind === "endpoint" && target !== null)
      graph.join(
        self,
        graph.add({
          id: `name:endpoint:${label}`,
          kind: "name",
          label,
          facts: factsOf({ Kind: "endpoint" }),
          target: { to: "endpoint", endpoint: label },
        }),
        "answers as",
      );
    const above = kind === "version" ? /^(.+) v(\d+)$/.exec(label) : null;
    if (!above || label === `${version.name} v${version.version}`) continue;
    const [, name = "", number = ""] = above;
    graph.join(self, shownVersion(graph, { name, version: Number(number) }), "is under");
  }
}

/** A version as a step alone; what else it came from is its own graph. */
function shownVersion(graph: Graph, place: { name: string; version: number }): string {
  return graph.add({
    id: versionId(place.name, place.version),
    kind: "version",
    label: `${place.name} v${place.version}`,
    target: { to: "version", ...place },
  });
}

/** The answers of versions, with one query for the newest of all. */
async function addAnswers(drawing: Drawing, versions: readonly Named[]): Promise<void> {
  const { scope, traces } = drawing;
  const [first] = versions.map(({ createdAt }) => createdAt).toSorted();
  if (first === undefined) return;
  if (!mayRead(scope, "traces:read")) {
    for (const version of versions) join(drawing, version, { state: "hidden", note: HIDDEN });
    return;
  }
  const newest = await traces.listNewest(scope, { models: versions.map(asked), from: first, limit: MOST_ANSWERS });
  for (const version of versions) {
    const own = newest.filter(({ responseModel }) => responseModel === asked(version));
    const isAll = newest.length < MOST_ANSWERS;
    if (own.length === 0 && isAll)
      join(drawing, version, { state: "unknown", label: "No answer yet", note: "No recorded answer." });
    else
      join(drawing, version, {
        note: own.length === 0 ? `No answer among the newest ${MOST_ANSWERS} answers of the versions shown.` : "",
        facts: factsOf({
          Answers: own.length === 0 ? null : `${own.length}${isAll ? "" : " or more"}`,
          Newest: own[0]?.startTime,
        }),
        target: { to: "answers", model: asked(version) },
      });
  }
}

function join({ graph }: Drawing, version: Named, step: Partial<Given>): void {
  const id = `answers:${asked(version)}`;
  graph.add({ id, kind: "answer", label: "Its answers", ...step });
  graph.join(versionId(version.name, version.version), id, "gave");
}

const aliasStep = (name: string, alias: string) =>
  ({ kind: "name", label: `${name}@${alias}`, facts: factsOf({ Kind: "alias" }), target: null }) as const;
