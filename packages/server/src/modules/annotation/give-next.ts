import type { NextItems, NextItemsInput } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import { createAnnotatorStore } from "./annotator-store.ts";
import type { Answering } from "./keep-answer.ts";
import { toMine } from "./present-mine.ts";
import { toLeased } from "./present-work.ts";
import { takeItems } from "./take-items.ts";
import { createWorkStore, type Held } from "./work-store.ts";

/** So many items one person may have before them: nobody takes a queue away from the others. */
const MOST_HELD = 20;

type Asked = Pick<Answering, "scope" | "queue" | "questions" | "now"> & {
  readonly input: NextItemsInput;
  /** Whether the transaction has kept an answer: it is on the disk then, and waits for nobody else. */
  readonly isAlong: boolean;
};

/**
 * The next items of a queue for a person. What they hold already comes first, so that a page that was closed goes on where it was.
 * Null when the items come along with an answer and could only be had by waiting for others, or by taking back what ran out.
 */
export async function giveNext(tx: Postgres, random: () => number, asked: Asked): Promise<NextItems | null> {
  const { scope, queue, questions, now, isAlong } = asked;
  const { count, holding } = asked.input;
  const expiresAt = new Date(now.getTime() + queue.leaseSeconds * 1_000);
  const arrival = { queueId: queue.id, annotator: scope.actor, holding, now, expiresAt, isLasting: isAlong };
  const person = await createAnnotatorStore(tx).arrive(arrival);
  if (!person) throw new AppError("internal");
  if (isAlong && person.isAnyDue) return null;
  const ownLeases = person.held.filter((leaseId) => !holding.includes(leaseId)).slice(0, count);
  const resumed = ownLeases.length > 0 ? await resume(tx, scope, { leaseIds: ownLeases, expiresAt }) : [];
  const lacking = Math.min(count - resumed.length, MOST_HELD - person.held.length);
  const wanted = { queue, scope, person, count: lacking, now, mayWait: !isAlong };
  const held = [...resumed, ...(lacking > 0 ? await takeItems(tx, random, wanted) : [])];
  if (isAlong && held.length === 0) return null;
  return { items: held.map((one) => toLeased(one, { queue, questions })), mine: toMine(person) };
}

type Resuming = { readonly leaseIds: readonly string[]; readonly expiresAt: Date };

/** Items that somebody holds already, for longer, in the given order. */
async function resume(tx: Postgres, scope: Scope, { leaseIds, expiresAt }: Resuming): Promise<Held[]> {
  const work = createWorkStore(tx);
  await work.extend({ projectId: scope.projectId, annotator: scope.actor }, leaseIds, expiresAt);
  const found = new Map((await work.listWithItems(leaseIds)).map((held) => [held.work.leaseId, held]));
  return leaseIds.flatMap((leaseId) => found.get(leaseId) ?? []);
}
