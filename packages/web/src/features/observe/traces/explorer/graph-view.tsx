import { useMemo, useRef } from "react";
import { EmptyState } from "../../../../components/feedback/states.tsx";
import { ScrollBox } from "../../../../components/layout/scroll-box.tsx";
import { formatCount, formatDuration, formatShortMoney } from "../../../../components/text/format.ts";
import { KindIcon } from "../span/span-kind.tsx";
import type { TreeState } from "../tree/use-tree-state.ts";
import { agentGraph, type GraphNode } from "./agent-graph.ts";
import { edgeWords, layGraph, NODE_HEIGHT, NODE_WIDTH, type PlacedEdge, type PlacedNode } from "./lay-graph.ts";

/** Call graph: agents, tools and models as boxes, with how often and how long on the lines between them. */
export function GraphView({ tree }: { tree: TreeState }) {
  const { model, open } = tree;
  const graph = useMemo(() => agentGraph(model), [model]);
  const layout = useMemo(() => layGraph(graph), [graph]);
  const svg = useRef<SVGSVGElement>(null);
  if (graph.nodes.length === 0)
    return (
      <EmptyState title="No agents, tools or models in this trace">
        This trace has only plain spans. The tree and the flame views show how they call each other.
      </EmptyState>
    );
  const openName = model.names[open];
  return (
    <ScrollBox label="Call graph" className="min-h-0 grow p-4">
      <div className="relative mx-auto" style={{ width: layout.width, height: layout.height }}>
        <svg ref={svg} aria-hidden width={layout.width} height={layout.height} className="absolute inset-0">
          <defs>
            <marker
              id="graph-tip"
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerUnits="userSpaceOnUse"
              markerWidth="9"
              markerHeight="9"
              orient="auto"
            >
              <path d="M0 0 8 4 0 8z" className="fill-muted" />
            </marker>
          </defs>
          {layout.edges.map((edge) => (
            <path
              key={`${edge.from} ${edge.to}`}
              d={edge.path}
              fill="none"
              markerEnd="url(#graph-tip)"
              strokeWidth={Math.min(5, 1 + Math.log10(edge.count))}
              className={edge.errors > 0 ? "stroke-bad" : "stroke-line-strong"}
            />
          ))}
        </svg>
        {layout.edges.map((edge) => (
          <EdgeWords key={`${edge.from} ${edge.to}`} edge={edge} onOpen={() => tree.show(edge.place)} />
        ))}
        {layout.nodes.map((node) => (
          <NodeBox
            key={node.id}
            node={node}
            isOpen={node.kind !== "start" && node.name === openName}
            onOpen={() => tree.show(node.place)}
          />
        ))}
      </div>
      {graph.left > 0 && (
        <p className="mt-3 text-center text-muted">
          The graph shows the {formatCount(graph.nodes.length - 1)} most used. {formatCount(graph.left)} more are
          hidden.
        </p>
      )}
    </ScrollBox>
  );
}

function EdgeWords({ edge, onOpen }: { edge: PlacedEdge; onOpen: () => void }) {
  const [often, average, failed] = edgeWords(edge);
  return (
    <button
      type="button"
      onClick={onOpen}
      title={`${formatCount(edge.count)} times, ${average} on average${edge.errors > 0 ? `, ${formatCount(edge.errors)} failed` : ""}`}
      className="num absolute -translate-x-1/2 -translate-y-1/2 rounded border border-line bg-bg px-1.5 text-xs whitespace-nowrap text-muted hover:text-text"
      style={{ left: edge.x, top: edge.y }}
    >
      {often && <span className="font-medium text-text">{often} </span>}
      {average}
      {failed && <span className="text-bad"> {failed}</span>}
    </button>
  );
}

function NodeBox({ node, isOpen, onOpen }: { node: PlacedNode; isOpen: boolean; onOpen: () => void }) {
  const place = {
    left: node.x - NODE_WIDTH / 2,
    top: node.y - NODE_HEIGHT / 2,
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
  };
  if (node.kind === "start")
    return (
      <span
        className="absolute flex items-center justify-center rounded-full border border-line-strong bg-raised text-muted"
        style={{ ...place, left: node.x - 36, width: 72, top: node.y - 14, height: 28 }}
      >
        Start
      </span>
    );
  return (
    <button
      type="button"
      onClick={onOpen}
      title={`${node.name} (${node.kind})`}
      className={`card absolute flex flex-col justify-center px-3 text-left hover:bg-raised ${isOpen ? "border-accent bg-accent-soft!" : node.errors > 0 ? "border-bad" : "border-line-strong"}`}
      style={place}
    >
      <span className="flex min-w-0 items-center gap-1.5">
        <KindIcon kind={node.kind} />
        <span dir="auto" className="truncate font-medium">
          {node.name}
        </span>
      </span>
      <span className="num truncate text-xs text-muted">{factsOf(node)}</span>
    </button>
  );
}

function factsOf({ count, totalMs, costUsd, errors }: GraphNode): string {
  const facts = [
    count > 1 && `${formatCount(count)}×`,
    formatDuration(totalMs),
    costUsd !== null && formatShortMoney(costUsd),
    errors > 0 && `${formatCount(errors)} failed`,
  ];
  return facts.filter(Boolean).join(" · ");
}
