import type { SampleInput, ScorerKind } from "../shared/use-scorers.ts";

/** The sample as entered, by field. */
export type Typed = Readonly<Record<SampleField, string>>;
export type SampleField = "input" | "output" | "expected" | "documents" | "toolCalls" | "metadata";

export const NOTHING_TYPED: Typed = {
  input: "",
  output: "",
  expected: "",
  documents: "",
  toolCalls: "",
  metadata: "",
};

type Read = { sample: SampleInput } | { problem: { field: SampleField; text: string } };

/** Groups that use only the answer. */
const ALONE: ReadonlySet<string> = new Set(["cost", "language"]);

const NEED_INPUT = ["messages", "judge", "documents", "local-model", "reward-model"] as const;

/** The fields that a kind uses: the answer, its inputs, and an expected answer if it could matter. */
export function fieldsFor({ needs, group }: Pick<ScorerKind, "needs" | "group">): readonly SampleField[] {
  const asks = (need: (typeof needs)[number]) => needs.includes(need);
  const isOwn = asks("sandbox") || asks("http");
  return [
    ...(NEED_INPUT.some(asks) || isOwn ? (["input"] as const) : []),
    "output",
    ...(asks("expected") || !(ALONE.has(group) || asks("reward-model")) ? (["expected"] as const) : []),
    ...(asks("documents") ? (["documents"] as const) : []),
    ...(asks("tools") ? (["toolCalls"] as const) : []),
    ...(asks("metadata") ? (["metadata"] as const) : []),
  ];
}

/** Parses a sample. JSON is parsed, other text stays text; documents are separated by empty lines. */
export function readSample(typed: Typed): Read {
  const toolCalls = readJson(typed.toolCalls);
  if (toolCalls instanceof Error) return problemIn("toolCalls", `This is not JSON: ${toolCalls.message}`);
  if (toolCalls !== undefined && !isCalls(toolCalls))
    return problemIn("toolCalls", 'Enter a list such as [{"name":"search","arguments":{"query":"refund"}}].');
  const metadata = readJson(typed.metadata);
  if (metadata instanceof Error) return problemIn("metadata", `This is not JSON: ${metadata.message}`);
  if (metadata !== undefined && !isFields(metadata))
    return problemIn("metadata", 'Enter an object such as {"canary":"quillfeather"}.');
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

/** Undefined for an empty text, or the error of invalid JSON. */
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

/** Parses only objects and lists, so that an expected `42` stays text. */
function readValue(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
