import type { Kind } from "../model/span-columns.ts";
import type { TraceModel } from "../model/trace-model.ts";

/** Steps that are the same thing called again: one agent, one tool, one model. */
export type GraphNode = {
  readonly id: string;
  readonly kind: Kind | "start";
  readonly name: string;
  count: number;
  errors: number;
  totalMs: number;
  costUsd: number | null;
  /** The first of its spans, to open. */
  readonly place: number;
};
export type GraphEdge = {
  readonly from: string;
  readonly to: string;
  count: number;
  errors: number;
  totalMs: number;
  readonly place: number;
};
export type AgentGraph = {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Things that were left out because there are too many different ones. */
  readonly left: number;
};

/** More boxes than this are not a picture any more. */
const MOST_NODES = 60;
const START = "start";
/**
 * Plain spans and chains are how a program is built, not who does the work: their calls count for what is above them.
 */
const isActor = (kind: Kind) => kind !== "span" && kind !== "chain";

/** Who called whom in a trace, how often and for how long. */
export function agentGraph(model: TraceModel): AgentGraph {
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  const start: GraphNode = {
    id: START,
    kind: "start",
    name: "Start",
    count: 1,
    errors: 0,
    totalMs: model.lengthMs,
    costUsd: null,
    place: 0,
  };
  /** The box of each span: its own, or the box of the nearest actor above it. */
  const boxOf: string[] = [];
  for (let place = 0; place < model.count; place += 1) {
    const above = model.parent[place] ?? -1;
    const caller = above < 0 ? START : (boxOf[above] ?? START);
    const kind = model.kinds[place] ?? "span";
    const id = isActor(kind) ? idOf(model, place) : caller;
    boxOf[place] = id;
    if (!isActor(kind)) continue;
    // An agent's inner step with the same name is a duplicate report of the call.
    if (id === caller && kind !== "tool") continue;
    count(nodes, id, { model, place, make: () => newNode(model, place, id) });
    count(edges, `${caller}\n${id}`, {
      model,
      place,
      make: () => ({ from: caller, to: id, count: 0, errors: 0, totalMs: 0, place }),
    });
  }
  return keepMost({ nodes, edges, start });
}

function idOf(model: TraceModel, place: number): string {
  const kind = model.kinds[place] ?? "span";
  return `${kind} ${nameOf(model, place, kind)}`;
}

const nameOf = (model: TraceModel, place: number, kind: Kind): string =>
  (kind === "generation" || kind === "embedding" ? model.models[place] : "") || model.names[place] || kind;

function newNode(model: TraceModel, place: number, id: string): GraphNode {
  const kind = model.kinds[place] ?? "span";
  return { id, kind, name: nameOf(model, place, kind), count: 0, errors: 0, totalMs: 0, costUsd: null, place };
}

type Counted = { count: number; errors: number; totalMs: number; costUsd?: number | null };

function count<Item extends Counted>(
  items: Map<string, Item>,
  key: string,
  { model, place, make }: { model: TraceModel; place: number; make: () => Item },
): void {
  const item = items.get(key) ?? make();
  items.set(key, item);
  item.count += 1;
  item.totalMs += model.duration[place] ?? 0;
  if (model.statuses[place] === "error") item.errors += 1;
  if (item.costUsd !== undefined && (model.sums.priced[place] ?? 0) > 0)
    item.costUsd = (item.costUsd ?? 0) + (model.sums.costUsd[place] ?? 0);
}

function keepMost({
  nodes,
  edges,
  start,
}: {
  nodes: Map<string, GraphNode>;
  edges: Map<string, GraphEdge>;
  start: GraphNode;
}): AgentGraph {
  const byUse = [...nodes.values()].sort((a, b) => b.count - a.count || a.place - b.place);
  const kept = new Set([START, ...byUse.slice(0, MOST_NODES).map(({ id }) => id)]);
  const keptEdges = [...edges.values()].filter(({ from, to }) => kept.has(from) && kept.has(to));
  const isStarted = keptEdges.some(({ from }) => from === START);
  const shown = [...nodes.values()].filter(({ id }) => kept.has(id));
  return {
    nodes: isStarted ? [start, ...shown] : shown,
    edges: keptEdges,
    left: nodes.size - shown.length,
  };
}
