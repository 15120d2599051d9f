import type { RequestFor } from "@treadle/sdk";

type Body = RequestFor<"POST /api/v1/datasets/:datasetId/trace-items/preview">["body"];
export type Select = Body["select"];
export type SpanMapping = NonNullable<Body["mapping"]>;
export type Sampling = NonNullable<Body["sampling"]> & { size: number };

/** One value of a span and the key of the item that it becomes. */
export type Row = { readonly key: string; readonly path: string };
/** The mapping as it is edited: rows keep their order, and may be half written. */
export type Mapping = {
  readonly inputs: readonly Row[];
  readonly expected: string;
  readonly metadata: readonly Row[];
  readonly split: string;
};

/** What most people want: the conversation, and the answer. */
export const START: Mapping = {
  inputs: [{ key: "messages", path: "input.messages" }],
  expected: "output.message",
  metadata: [],
  split: "",
};

/** Text in and text out, for those who do not think in messages. */
export const AS_TEXT: Mapping = { ...START, inputs: [{ key: "prompt", path: "input.text" }], expected: "output.text" };

/** Paths that a person is likely to want; any other of the span is typed. */
export const PATHS = [
  "input.messages",
  "input.text",
  "input",
  "output.message",
  "output.text",
  "output",
  "tools",
  "model",
  "name",
  "userId",
  "sessionId",
  "tags",
  "metadata.tenant",
  "attributes.http.route",
  "feedback.helpful",
] as const;

/** The mapping as the API takes it; rows that are not finished are left out. */
export const mappingOf = ({ inputs, expected, metadata, split }: Mapping): SpanMapping => ({
  inputs: fromRows(inputs),
  expected: expected.trim() || null,
  metadata: fromRows(metadata),
  split: split.trim() || null,
});

const fromRows = (rows: readonly Row[]) =>
  Object.fromEntries(
    rows.filter(({ key, path }) => key.trim() && path.trim()).map(({ key, path }) => [key.trim(), path.trim()]),
  );
