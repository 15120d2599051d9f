/** What a sender is told of a request, before it is put into words: parts of a request that were read apart are told together. */
export type Told = {
  /** One of what was sent. */
  readonly what: "span" | "log record";
  /** How many were rejected, by reason. */
  readonly rejected: readonly (readonly [reason: string, count: number])[];
  /** Log records that are fine and are none of what is kept. */
  readonly passed: number;
  /** Those of which none is ever kept, and the sentence that says so. */
  readonly unkept: number;
  readonly message: string;
};

export const NOTHING_TOLD: Told = { what: "span", rejected: [], passed: 0, unkept: 0, message: "" };

/** Reasons that are put into words; the others are only counted. */
const MAX_TOLD = 3;

export function tellTogether(tellings: readonly Told[]): Told {
  const rejected = new Map<string, number>();
  for (const told of tellings)
    for (const [reason, count] of told.rejected) rejected.set(reason, (rejected.get(reason) ?? 0) + count);
  const [first = NOTHING_TOLD] = tellings;
  return { ...first, rejected: [...rejected], passed: tellings.reduce((sum, { passed }) => sum + passed, 0) };
}

export const rejectedIn = ({ rejected, unkept }: Told): number =>
  rejected.reduce((sum, [, count]) => sum + count, unkept);

/** Why some were rejected, or what else the sender should know; may be empty. */
export const messageOf = (told: Told): string =>
  [told.message, rejectedMessage(told), passedMessage(told.passed)].filter(Boolean).join(" ");

function rejectedMessage({ what, rejected }: Told): string {
  const count = rejected.reduce((sum, [, each]) => sum + each, 0);
  if (count === 0) return "";
  const reasons = rejected.toSorted(([one, a], [other, b]) => b - a || (one < other ? -1 : 1));
  const told = reasons.slice(0, MAX_TOLD).map(([reason, times]) => `${times} because ${reason}`);
  const more = reasons.length > MAX_TOLD ? "; and others" : "";
  return `${count} ${what}${count === 1 ? " was" : "s were"} rejected: ${told.join("; ")}${more}.`;
}

const passedMessage = (count: number) =>
  count === 0
    ? ""
    : `${count} log record${count === 1 ? " was" : "s were"} taken but not kept: only GenAI events that name a span are.`;
