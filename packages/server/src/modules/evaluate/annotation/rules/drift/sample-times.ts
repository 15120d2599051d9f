import type { DriftTrigger, Score, Span } from "@treadle/contract";
import { DAY_MS } from "../../../../../kernel/day.ts";
import type { Traces } from "../../../../observe/traces/index.ts";
import { wholeFilter } from "./rule-filter.ts";

export type Judged = { readonly span: Span; readonly scores: readonly Score[] };
type DriftTimes = { readonly referenceFrom: number; readonly from: number; readonly to: number };

/** So many conversations stand for all of a time: what is computed of them grows with the square. */
const MOST_SAMPLED = 250;
/** A conversation may have several spans that match. */
const READ_FOR_EACH = 2;
const HOUR_MS = 3_600_000;
export const windowMs = ({ windowHours }: Pick<DriftTrigger, "windowHours">): number => windowHours * HOUR_MS;

/** The window that ends at a time (milliseconds since 1970), and the days before it. */
export function timesOf(trigger: DriftTrigger, to: number): DriftTimes {
  const from = to - windowMs(trigger);
  return { referenceFrom: from - trigger.referenceDays * DAY_MS, from, to };
}

/**
 * Random spans of a window and of the reference days, one per conversation. Turns of a conversation are similar, and
 * tests would treat them as independent.
 */
export async function sampleTimes(
  picked: Traces["picked"],
  projectId: string,
  { trigger, times }: { trigger: DriftTrigger; times: DriftTimes },
): Promise<{ readonly reference: Judged[]; readonly current: Judged[] }> {
  const sample = async (from: number, to: number) => {
    // The end is left out, so that no span is of two times.
    const where = {
      filter: wholeFilter(trigger.filter),
      from: new Date(from).toISOString(),
      to: new Date(to - 1).toISOString(),
    };
    const seed = Math.floor(to / 1_000);
    const keys = await picked.pick(projectId, where, { kind: "random", size: MOST_SAMPLED * READ_FOR_EACH, seed });
    const conversations = new Map<string, Judged>();
    for await (const judged of picked.read(projectId, keys)) {
      const { sessionId, traceId } = judged.span;
      const conversation = sessionId === "" ? `trace ${traceId}` : `session ${sessionId}`;
      if (!conversations.has(conversation)) conversations.set(conversation, judged);
      if (conversations.size === MOST_SAMPLED) break;
    }
    return [...conversations.values()];
  };
  const { referenceFrom, from, to } = times;
  return { reference: await sample(referenceFrom, from), current: await sample(from, to) };
}
