import type { NextItems, NextItemsInput } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createAnnotatorStore } from "../stores/annotator-store.ts";
import { createWorkStore, type Held } from "../stores/work-store.ts";
import type { Answering } from "./keep-answer.ts";
import { toMine } from "./present-mine.ts";
import { toLeased } from "./present-work.ts";
import { takeItems } from "./take-items.ts";

/** The maximum number of leases per person, so that one person cannot hold the whole queue. */
const MOST_HELD = 20;

type Asked = Pick<Answering, "scope" | "queue" | "questions" | "now"> & {
  readonly input: NextItemsInput;
  /** Whether the transaction has stored an answer. Then it is on disk, and waits for no other transaction. */
  readonly isAlong: boolean;
};

/**
 * The next items of a queue for a person. Existing leases come first, so that a closed page continues where it was.
 * Null if the items are requested with an answer, and are available only after a wait or by releasing expired leases.
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
  const heldItems = [...resumed, ...(lacking > 0 ? await takeItems(tx, random, wanted) : [])];
  if (isAlong && heldItems.length === 0) return null;
  return { items: heldItems.map((one) => toLeased(one, { queue, questions })), mine: toMine(person) };
}

type Resuming = { readonly leaseIds: readonly string[]; readonly expiresAt: Date };

/** Extends existing leases, in the given order. */
async function resume(tx: Postgres, scope: Scope, { leaseIds, expiresAt }: Resuming): Promise<Held[]> {
  const work = createWorkStore(tx);
  await work.extend({ projectId: scope.projectId, annotator: scope.actor }, leaseIds, expiresAt);
  const itemsByLease = new Map((await work.listWithItems(leaseIds)).map((held) => [held.work.leaseId, held]));
  return leaseIds.flatMap((leaseId) => itemsByLease.get(leaseId) ?? []);
}
