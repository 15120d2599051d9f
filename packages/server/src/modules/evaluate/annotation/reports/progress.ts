import type { AnnotatorPace, QueueProgress } from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { toMine } from "../answers/present-mine.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import type { Queues } from "../queues/queues-service.ts";
import { createAnnotatorStore } from "../stores/annotator-store.ts";
import type { Tally } from "../stores/tally-store.ts";
import { createProgressStore, type PersonTally } from "./progress-store.ts";

type Deps = Pick<AnnotationDeps, "db" | "clock" | "namesOf"> & { readonly queues: Pick<Queues, "find" | "tally"> };

const HOUR_MS = 3_600_000;
/** A pace over less than this would be one of the first minutes. */
const LEAST_HOURS = 0.25;

/** The progress of a queue, and each person's pace. */
export function createProgress({ db, clock, namesOf, queues }: Deps) {
  async function paceOf(scope: Scope, queueId: string, people: readonly PersonTally[]): Promise<AnnotatorPace[]> {
    const rows = await createAnnotatorStore(db).list(queueId);
    const ids = rows.map(({ annotator }) => annotator);
    const names = await namesOf(scope.projectId, ids);
    const tallies = new Map(people.map((one) => [one.annotator, one]));
    return rows
      .filter(({ lastAnswerAt }) => lastAnswerAt !== null)
      .map((row) => ({
        annotator: { actorId: row.annotator, name: names.get(row.annotator) ?? row.annotator },
        ...toMine(row),
        answersToday: tallies.get(row.annotator)?.today ?? 0,
        lastAnswerAt: row.lastAnswerAt?.toISOString() ?? null,
      }))
      .sort((a, b) => b.submitted - a.submitted || a.annotator.name.localeCompare(b.annotator.name));
  }

  return async function progress(scope: Scope, queueId: string): Promise<QueueProgress> {
    await queues.find(scope, queueId);
    const now = clock.now();
    const store = createProgressStore(db);
    const tally = ((await queues.tally([queueId])).get(queueId) ?? []).filter(({ isGold }) => !isGold);
    const since = { today: new Date(now - (now % DAY_MS)), lastDay: new Date(now - DAY_MS) };
    const recent = await store.tallyPeople(queueId, since);
    const people = await paceOf(scope, queueId, recent);
    const own = people.find(({ annotator }) => annotator.actorId === scope.actor);
    const answers = answersOf(tally);
    const answersPerHour = perHour(recent, now);
    const lacking = answers.wanted - answers.given;
    const isEnding = answersPerHour !== null && lacking > 0;
    return {
      items: itemsOf(tally),
      answers,
      mine: own
        ? {
            submitted: own.submitted,
            skipped: own.skipped,
            discarded: own.discarded,
            flagged: own.flagged,
            medianMs: own.medianMs,
          }
        : toMine(undefined),
      people,
      answersPerHour,
      doneAt: isEnding ? new Date(now + (lacking / answersPerHour) * HOUR_MS).toISOString() : null,
    };
  };
}

const itemsOf = (tally: readonly Tally[]): QueueProgress["items"] => {
  const of = (wanted: string) => tally.find(({ status }) => status === wanted)?.items ?? 0;
  const removed = of("removed");
  const total = tally.reduce((sum, { items }) => sum + items, 0) - removed;
  const [open, complete, disputed] = [of("open"), of("complete"), of("disputed")];
  return { total, open, complete, disputed, adjudicated: of("adjudicated"), flagged: of("flagged"), removed };
};

function answersOf(tally: readonly Tally[]): QueueProgress["answers"] {
  const present = tally.filter(({ status }) => status !== "removed");
  const sum = (value: (one: Tally) => number) => present.reduce((all, one) => all + value(one), 0);
  return { wanted: sum(({ wanted }) => wanted), given: sum(({ given }) => given), held: sum(({ held }) => held) };
}

function perHour(people: readonly PersonTally[], now: number): number | null {
  const answers = people.reduce((sum, { lastDay }) => sum + lastDay, 0);
  if (answers === 0) return null;
  const first = Math.min(...people.flatMap(({ firstAt }) => (firstAt === null ? [] : [Date.parse(firstAt)])));
  return answers / Math.max(LEAST_HOURS, (now - first) / HOUR_MS);
}
