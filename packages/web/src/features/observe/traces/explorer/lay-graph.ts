import { Graph, layout } from "@dagrejs/dagre";
import { formatCount, formatDuration } from "../../../../components/text/format.ts";
import type { AgentGraph, GraphEdge, GraphNode } from "./agent-graph.ts";

export const NODE_WIDTH = 176;
export const NODE_HEIGHT = 50;

export type PlacedNode = GraphNode & { readonly x: number; readonly y: number };
/** `x` and `y`: where the words of the line stand. */
export type PlacedEdge = GraphEdge & { readonly x: number; readonly y: number; readonly path: string };

type Point = { readonly x: number; readonly y: number };

/** Places boxes in layers, callers to the left of what they call, with few crossings. */
export function layGraph({ nodes, edges }: AgentGraph) {
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 18, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  // Within a layer the last one named comes first, so that reading downwards follows the time.
  for (const { id, kind } of nodes.toReversed())
    graph.setNode(id, { width: kind === "start" ? 72 : NODE_WIDTH, height: kind === "start" ? 28 : NODE_HEIGHT });
  for (const edge of edges.toReversed())
    graph.setEdge(edge.from, edge.to, {
      width: 16 + 6.4 * edgeWords(edge).join(" ").length,
      height: 18,
      labelpos: "c",
    });
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    nodes: nodes.map((node): PlacedNode => ({ ...node, ...pointOf(graph.node(node.id)) })),
    edges: edges.map((edge): PlacedEdge => {
      const placed = graph.edge(edge.from, edge.to);
      return { ...edge, ...pointOf(placed), path: curveThrough(placed?.points ?? []) };
    }),
  };
}

/** How often, how long on average, and how many failed; empty where there is nothing to say. */
export const edgeWords = ({ count, totalMs, errors }: GraphEdge) =>
  [
    count > 1 ? `${formatCount(count)}×` : "",
    formatDuration(totalMs / count),
    errors > 0 ? `${formatCount(errors)} failed` : "",
  ] as const;

const pointOf = (placed: { x?: number; y?: number } | undefined): Point => ({ x: placed?.x ?? 0, y: placed?.y ?? 0 });

/** A smooth line from the first point to the last that bends towards those between. */
function curveThrough(points: readonly Point[]): string {
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last) return "";
  const bends = points.slice(1, -1).map((point, index) => {
    const next = points[index + 2] ?? last;
    return `Q${write(point)} ${write({ x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`;
  });
  return `M${write(first)}${bends.join("")}L${write(last)}`;
}

const write = ({ x, y }: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;
