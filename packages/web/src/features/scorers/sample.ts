import type { SampleInput, ScorerKind } from "./use-scorers.ts";

/** What is typed of a sample, field by field. */
export type Typed = Readonly<Record<SampleField, string>>;
export type SampleField = "input" | "output" | "expected" | "documents" | "toolCalls" | "metadata";

export const NOTHING_TYPED: Typed = {
  ...{ input: "", output: "", expected: "", documents: "", toolCalls: "", metadata: "" },
};

type Read = { sample: SampleInput } | { problem: { field: SampleField; text: string } };

/** Groups that look at the answer alone. */
const ALONE: ReadonlySet<string> = new Set(["cost", "language"]);

/** The fields that a kind looks at: the answer, what it needs, and an expected answer where one could matter. */
export function fieldsFor({ needs, group }: Pick<ScorerKind, "needs" | "group">): readonly SampleField[] {
  const asks = (need: (typeof needs)[number]) => needs.includes(need);
  const isOwn = asks("sandbox") || asks("http");
  return [
    ...(asks("messages") || asks("judge") || asks("documents") || asks("local-model") || isOwn
      ? (["input"] as const)
      : []),
    "output",
    ...(asks("expected") || !ALONE.has(group) ? (["expected"] as const) : []),
    ...(asks("documents") ? (["documents"] as const) : []),
    ...(asks("tools") ? (["toolCalls"] as const) : []),
    ...(asks("metadata") ? (["metadata"] as const) : []),
  ];
}

/** What was typed as a sample. JSON is read as what it says, any other text as text; documents are parted by empty lines. */
export function readSample(typed: Typed): Read {
  const toolCalls = readJson(typed.toolCalls);
  if (toolCalls instanceof Error) return problemIn("toolCalls", `This is not JSON: ${toolCalls.message}`);
  if (toolCalls !== undefined && !isCalls(toolCalls))
    return problemIn("toolCalls", 'Give a list such as [{"name":"search","arguments":{"query":"refund"}}].');
  const metadata = readJson(typed.metadata);
  if (metadata instanceof Error) return problemIn("metadata", `This is not JSON: ${metadata.message}`);
  if (metadata !== undefined && !isFields(metadata))
    return problemIn("metadata", 'Give an object such as {"canary":"quillfeather"}.');
  const documents = typed.documents
    .split(/\n\s*\n/)
    .map((text) => text.trim())
    .filter(Boolean);
  const input = typed.input.trim();
  const messages = input === "" ? undefined : [{ role: "user", content: input }];
  return {
    sample: {
      input: input === "" ? null : readValue(typed.input),
      output: typed.output,
      expected: typed.expected === "" ? null : readValue(typed.expected),
      ...(messages && { messages }),
      ...(documents.length > 0 && { documents }),
      ...(toolCalls !== undefined && { toolCalls }),
      ...(metadata !== undefined && { metadata }),
    },
  };
}

const problemIn = (field: SampleField, text: string): Read => ({ problem: { field, text } });

/** Nothing for an empty text, and what is wrong with one that is no JSON. */
function readJson(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

type Call = { name: string; arguments: unknown };

const isCalls = (value: unknown): value is Call[] =>
  Array.isArray(value) &&
  value.every(
    (call: unknown) => typeof call === "object" && call !== null && "name" in call && typeof call.name === "string",
  );

/** Only objects and lists are read, so that an expected `42` stays the text that answers are compared with. */
function readValue(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
