import { expect, test } from "vitest";
import { modelOf } from "../model/trace-model.ts";
import { columnsOf } from "../testing/columns.ts";
import { agentGraph } from "./agent-graph.ts";

test("what is called again is one box with a count, and plain steps between are left out", () => {
  const call = { kind: "generation", name: "chat", model: "gpt-4o", inputTokens: 1, costUsd: 0.25 } as const;
  const { nodes, edges, left } = agentGraph(
    modelOf(
      columnsOf([
        ["http", "", 0, 100, { name: "POST /chat" }],
        ["agent", "http", 1, 98, { kind: "agent", name: "support" }],
        ["one", "agent", 2, 10, call],
        ["look", "agent", 20, 5, { kind: "tool", name: "search", status: "error" }],
        ["query", "look", 21, 2, { name: "SELECT" }],
        ["two", "agent", 30, 20, call],
      ]),
    ),
  );
  expect(nodes.map(({ name, count, totalMs, errors, costUsd }) => [name, count, totalMs, errors, costUsd])).toEqual([
    ["Start", 1, 100, 0, null],
    ["support", 1, 98, 0, 0.5],
    ["gpt-4o", 2, 30, 0, 0.5],
    ["search", 1, 5, 1, null],
  ]);
  expect(edges.map(({ from, to, count }) => [from, to, count])).toEqual([
    ["start", "agent support", 1],
    ["agent support", "generation gpt-4o", 2],
    ["agent support", "tool search", 1],
  ]);
  expect(left).toBe(0);
});

test("a call that is reported twice is counted once, and agents can call each other in a circle", () => {
  const agent = (name: string) => ({ kind: "agent", name }) as const;
  const { edges } = agentGraph(
    modelOf(
      columnsOf([
        ["a", "", 0, 100, agent("planner")],
        ["b", "a", 1, 90, agent("planner")],
        ["c", "b", 2, 80, agent("writer")],
        ["d", "c", 3, 70, agent("planner")],
      ]),
    ),
  );
  expect(edges.map(({ from, to }) => `${from} > ${to}`)).toEqual([
    "start > agent planner",
    "agent planner > agent writer",
    "agent writer > agent planner",
  ]);
});

test("of hundreds of different things the most used are drawn, and the rest are counted", () => {
  const rows = Array.from(
    { length: 200 },
    (_, at) => [`t${at}`, "", at, 1, { kind: "tool", name: `tool ${at % 190}` }] as const,
  );
  const { nodes, left } = agentGraph(modelOf(columnsOf(rows)));
  expect(nodes).toHaveLength(61);
  expect(left).toBe(130);
  expect(nodes.slice(1, 11).every(({ count }) => count === 2)).toBe(true);
});
