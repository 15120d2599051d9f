/** The items that were rejected for one reason. */
export type Rejected = {
  readonly reason: string;
  readonly count: number;
  /** The place in the request of the first of them. */
  readonly first: number;
};

/** The report for the sender of a request, before it is put into words. Reports of several threads are merged. */
export type RejectionReport = {
  /** One sent item. */
  readonly what: "span" | "log record";
  readonly rejected: readonly Rejected[];
  /** Valid log records that are not stored. */
  readonly passed: number;
  /** Records that are never stored, and the sentence that explains it. */
  readonly unkept: number;
  readonly message: string;
};

export const EMPTY_REPORT: RejectionReport = { what: "span", rejected: [], passed: 0, unkept: 0, message: "" };

/** Reasons that are put into words; the others are only counted. */
const MAX_TOLD = 3;

export function mergeReports(tellings: readonly RejectionReport[]): RejectionReport {
  const byReason = new Map<string, Rejected>();
  for (const { reason, count, first } of tellings.flatMap((told) => told.rejected)) {
    const known = byReason.get(reason) ?? { count: 0, first };
    byReason.set(reason, { reason, count: known.count + count, first: Math.min(known.first, first) });
  }
  const [telling = EMPTY_REPORT] = tellings;
  return {
    ...telling,
    rejected: [...byReason.values()],
    passed: tellings.reduce((sum, { passed }) => sum + passed, 0),
  };
}

export const rejectedIn = ({ rejected, unkept }: RejectionReport): number =>
  rejected.reduce((sum, { count }) => sum + count, unkept);

/** Why some were rejected, or what else the sender should know; may be empty. */
export const messageOf = (told: RejectionReport): string =>
  [told.message, rejectedMessage(told), passedMessage(told.passed)].filter(Boolean).join(" ");

function rejectedMessage({ what, rejected }: RejectionReport): string {
  const count = rejected.reduce((sum, each) => sum + each.count, 0);
  if (count === 0) return "";
  const reasons = rejected.toSorted((a, b) => b.count - a.count || a.first - b.first);
  const reasonTexts = reasons.slice(0, MAX_TOLD).map((each) => `${each.count} because ${each.reason}`);
  const more = reasons.length > MAX_TOLD ? "; and others" : "";
  return `${count} ${what}${count === 1 ? " was" : "s were"} rejected: ${reasonTexts.join("; ")}${more}.`;
}

const passedMessage = (count: number) =>
  count === 0
    ? ""
    : `${count} log record${count === 1 ? " was" : "s were"} accepted but not stored. Treadle only stores GenAI events that name a span.`;
