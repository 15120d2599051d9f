import { CustomItem, parseFilter } from "@treadle/contract";
import type { RequestFor } from "@treadle/sdk";

export type ItemsBody = RequestFor<"POST /api/v1/annotation-queues/:queueId/items">["body"];
/** The source of new items, as entered in the form. */
export type ItemsDraft = {
  readonly from: "spans" | "dataset" | "comparison" | "guard-findings" | "custom";
  readonly filter: string;
  readonly sampling: "newest" | "random";
  readonly size: number;
  readonly datasetId: string;
  readonly runIds: readonly [string, string];
  readonly onlyDifferent: boolean;
  /** For the findings of a preview of guards. */
  readonly previewId: string;
  /** Empty for every detector. */
  readonly detector: string;
  /** The key of a yes-or-no question. */
  readonly question: string;
  /** One JSON item per line. */
  readonly lines: string;
  readonly reason: string;
};

export const newItemsDraft = (from: ItemsDraft["from"]): ItemsDraft => ({
  from,
  filter: "kind:generation",
  sampling: "random",
  size: 100,
  datasetId: "",
  runIds: ["", ""],
  onlyDifferent: true,
  previewId: "",
  detector: "",
  question: "",
  lines: "",
  reason: "",
});

const MOST_LINES = 1_000;
const MOST = 20_000;

/** The draft as an API request, or its error. */
export function readItems(draft: ItemsDraft): { body: ItemsBody } | { problem: string } {
  const { from, filter, sampling, size, datasetId, runIds, onlyDifferent, reason } = draft;
  if (from !== "custom" && !(Number.isInteger(size) && size >= 1 && size <= MOST))
    return { problem: "Enter the number of items, from 1 to 20,000." };
  switch (from) {
    case "spans": {
      const [problem] = parseFilter(filter).problems;
      if (problem) return { problem: `Filter: ${problem.message}` };
      return { body: { from, select: { filter }, sampling: { kind: sampling, size, seed: 1 }, reason } };
    }
    case "dataset":
      return datasetId === ""
        ? { problem: "Choose a dataset." }
        : { body: { from, datasetId, filter: "", size, reason } };
    case "comparison":
      if (runIds.includes("")) return { problem: "Choose two runs." };
      if (runIds[0] === runIds[1]) return { problem: "Choose two different runs." };
      return { body: { from, runIds: [...runIds], onlyDifferent, size, reason } };
    case "guard-findings":
      return readFindings(draft);
    case "custom":
      return readLines(draft.lines, reason);
    default:
      return from satisfies never;
  }
}

function readFindings({ previewId, detector, question, size, reason }: ItemsDraft) {
  if (previewId === "") return { problem: "Choose a preview." };
  if (question === "") return { problem: "Choose a yes-or-no question of the queue." };
  const one = detector === "" ? {} : { detector };
  return { body: { from: "guard-findings" as const, previewId, question, size, reason, ...one } };
}

function readLines(text: string, reason: string): { body: ItemsBody } | { problem: string } {
  const lines = text.split("\n").map((line, index) => ({ line: line.trim(), number: index + 1 }));
  const written = lines.filter(({ line }) => line !== "");
  if (written.length === 0) return { problem: "Enter at least one item, one per line." };
  if (written.length > MOST_LINES) return { problem: "Enter at most 1,000 items. Add more afterwards." };
  const items: CustomItem[] = [];
  for (const { line, number } of written) {
    const item = readLine(line, number);
    if ("problem" in item) return item;
    items.push(item.item);
  }
  return { body: { from: "custom", items, reason } };
}

function readLine(line: string, number: number): { item: CustomItem } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { problem: `Line ${number} is not JSON.` };
  }
  const result = CustomItem.safeParse(withContent(value, number));
  if (result.success) return { item: result.data };
  const [issue] = result.error.issues;
  return { problem: `Line ${number}, ${issue?.path.join(".") || "item"}: ${issue?.message}` };
}

/** An object without `content` is the content itself: each value is a field. */
function withContent(value: unknown, number: number): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value) || "content" in value) return value;
  const fields = Object.entries(value).map(([key, one]) => ({
    key,
    value: one,
    kind: typeof one === "string" ? "text" : "json",
  }));
  return { key: `line ${number} ${JSON.stringify(value).slice(0, 150)}`, content: { fields } };
}
