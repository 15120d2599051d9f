import type { RequestFor } from "@treadle/sdk";

type Body = RequestFor<"POST /api/v1/datasets/:datasetId/trace-items/preview">["body"];
export type Select = Body["select"];
export type SpanMapping = NonNullable<Body["mapping"]>;
export type Sampling = NonNullable<Body["sampling"]> & { size: number };

/** A span value and the item key that it becomes. */
export type Row = { readonly key: string; readonly path: string };
/** The mapping while it is edited: rows keep their order and can be incomplete. */
export type Mapping = {
  readonly inputs: readonly Row[];
  readonly expected: string;
  readonly metadata: readonly Row[];
  readonly split: string;
};

/** The most common mapping: the conversation, and the answer. */
export const START: Mapping = {
  inputs: [{ key: "messages", path: "input.messages" }],
  expected: "output.message",
  metadata: [],
  split: "",
};

/** Plain text in and out. */
export const AS_TEXT: Mapping = { ...START, inputs: [{ key: "prompt", path: "input.text" }], expected: "output.text" };

/** Suggested span paths; others can be typed. */
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

/** The mapping as an API request, without incomplete rows. */
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
