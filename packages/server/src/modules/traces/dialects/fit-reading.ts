import type { Reading, ReceivedScore } from "./dialect.ts";

/** The longest texts that the contract takes. Longer ones are cut: a sender's long id must not cost it the span. */
const LENGTHS = {
  name: 300,
  errorType: 200,
  errorMessage: 20_000,
  environment: 200,
  provider: 200,
  requestModel: 300,
  responseModel: 300,
  userId: 500,
  sessionId: 500,
  traceName: 300,
  promptName: 200,
  promptVersion: 100,
  release: 200,
} as const;
const MOST_TAGS = 100;
const LONGEST_TAG = 200;
const MOST_METADATA = 1_000;
const LONGEST_METADATA_NAME = 200;
const LONGEST_METADATA = 10_000;
const LONGEST_FIRST_TOKEN_MS = 1e9;
const MOST_COST_USD = 1e9;
const MOST_SCORES = 100;

/** A reading that fits the contract, whatever the sender wrote. Empty texts are left out, so that they never win over another's. */
export function fitReading(reading: Reading): Reading {
  const fitted: Record<string, unknown> = { ...reading };
  for (const name of Object.keys(LENGTHS) as (keyof typeof LENGTHS)[]) {
    const text = reading[name];
    if (!text) delete fitted[name];
    else fitted[name] = cut(text, LENGTHS[name]);
  }
  return {
    ...fitted,
    ...(reading.tags && { tags: fitTags(reading.tags) }),
    ...(reading.metadata && { metadata: fitMetadata(reading.metadata) }),
    ...(reading.scores && { scores: reading.scores.slice(0, MOST_SCORES).map(fitScore) }),
    timeToFirstTokenMs: within(reading.timeToFirstTokenMs, LONGEST_FIRST_TOKEN_MS),
    costUsd: within(reading.costUsd, MOST_COST_USD),
  };
}

const fitTags = (tags: readonly string[]): string[] =>
  [...new Set(tags.map((tag) => cut(tag, LONGEST_TAG)))].slice(0, MOST_TAGS);

const fitMetadata = (metadata: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata)
      .slice(0, MOST_METADATA)
      .map(([name, text]) => [cut(name, LONGEST_METADATA_NAME), cut(text, LONGEST_METADATA)]),
  );

const fitScore = (score: ReceivedScore): ReceivedScore => ({
  ...score,
  name: cut(score.name, LONGEST_TAG),
  label: cut(score.label, LONGEST_TAG),
  comment: cut(score.comment, LONGEST_METADATA),
});

/** Null for what cannot be: a negative time, an endless price. */
const within = (value: number | null | undefined, most: number): number | null =>
  value !== null && value !== undefined && value >= 0 && value <= most ? value : null;

/** Never ends in half of a character. */
const cut = (text: string, length: number): string =>
  text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
