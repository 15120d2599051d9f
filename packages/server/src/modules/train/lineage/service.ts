import type { LineageGraph } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { LineageDeps, VersionPlace } from "./deps.ts";
import { createGraph } from "./graph.ts";
import { type Asked, listRunRows } from "./list-rows.ts";
import { addAnswer } from "./trace-answer.ts";
import { addData } from "./trace-data.ts";
import { addRun, addVersion } from "./trace-origins.ts";
import { addRow } from "./trace-row.ts";
import { addOfData, addOfRun, addOfVersion } from "./trace-uses.ts";

/** From an answer back to its rows, and from rows forward to answers, from recorded data. Missing data is labeled. */
export function createLineage(deps: LineageDeps) {
  const begin = (scope: Scope) => ({ ...deps, scope, graph: createGraph() });

  return {
    async ofAnswer(scope: Scope, ids: { traceId: string; spanId: string }): Promise<LineageGraph> {
      const drawing = begin(scope);
      return drawing.graph.done(await addAnswer(drawing, await deps.traces.getSpan(scope, ids)));
    },

    async ofVersion(scope: Scope, place: VersionPlace): Promise<LineageGraph> {
      const drawing = begin(scope);
      const { id, version } = await addVersion(drawing, await deps.registry.get(scope, place));
      if (version) await addOfVersion(drawing, version);
      return drawing.graph.done(id);
    },

    async ofRun(scope: Scope, trainingRunId: string): Promise<LineageGraph> {
      const run = await deps.training.get(scope, trainingRunId);
      const drawing = begin(scope);
      const focus = await addRun(drawing, trainingRunId);
      await addOfRun(drawing, run);
      return drawing.graph.done(focus);
    },

    async ofDataset(scope: Scope, datasetId: string, at: string): Promise<LineageGraph> {
      const { root, version } = await deps.datasets.getVersion(scope, datasetId, at);
      const drawing = begin(scope);
      const place = { ref: datasetId, datasetId, version: String(version), root, fileId: null, rows: null };
      const focus = await addData(drawing, place);
      await addOfData(drawing, focus, { datasetId, root });
      return drawing.graph.done(focus);
    },

    async ofRow(scope: Scope, place: { datasetId: string; itemId: string; at: string }): Promise<LineageGraph> {
      const drawing = begin(scope);
      return drawing.graph.done(await addRow(drawing, place));
    },

    listRunRows: (scope: Scope, asked: Asked) => listRunRows(deps, scope, asked),
  };
}
export type Lineage = ReturnType<typeof createLineage>;
