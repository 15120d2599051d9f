/** What was not kept for one reason. */
export type Rejected = {
  readonly reason: string;
  readonly count: number;
  /** The place in the request of the first of them. */
  readonly first: number;
};

/** What a sender is told of a request, before it is put into words: parts of a request that were read apart are told together. */
export type Told = {
  /** One of what was sent. */
  readonly what: "span" | "log record";
  readonly rejected: readonly Rejected[];
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
  const byReason = new Map<string, Rejected>();
  for (const { reason, count, first } of tellings.flatMap((told) => told.rejected)) {
    const known = byReason.get(reason) ?? { count: 0, first };
    byReason.set(reason, { reason, count: known.count + count, first: Math.min(known.first, first) });
  }
  const [telling = NOTHING_TOLD] = tellings;
  return {
    ...telling,
    rejected: [...byReason.values()],
    passed: tellings.reduce((sum, { passed }) => sum + passed, 0),
  };
}

export const rejectedIn = ({ rejected, unkept }: Told): number =>
  rejected.reduce((sum, { count }) => sum + count, unkept);

/** Why some were rejected, or what else the sender should know; may be empty. */
export const messageOf = (told: Told): string =>
  [told.message, rejectedMessage(told), passedMessage(told.passed)].filter(Boolean).join(" ");

function rejectedMessage({ what, rejected }: Told): string {
  const count = rejected.reduce((sum, each) => sum + each.count, 0);
  if (count === 0) return "";
  const reasons = rejected.toSorted((a, b) => b.count - a.count || a.first - b.first);
  const told = reasons.slice(0, MAX_TOLD).map((each) => `${each.count} because ${each.reason}`);
  const more = reasons.length > MAX_TOLD ? "; and others" : "";
  return `${count} ${what}${count === 1 ? " was" : "s were"} rejected: ${told.join("; ")}${more}.`;
}

const passedMessage = (count: number) =>
  count === 0
    ? ""
    : `${count} log record${count === 1 ? " was" : "s were"} taken but not kept: only GenAI events that name a span are.`;
