import { fromTimeCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import type { Queues } from "../queues/queues-service.ts";
import { createAnswerStore } from "../stores/answer-store.ts";
import { toAnswer } from "./present-work.ts";

type Deps = Pick<AnnotationDeps, "db" | "namesOf"> & { readonly queues: Pick<Queues, "find"> };

/** The caller's answers in a queue, newest first. */
export const createMyAnswers = ({ db, namesOf, queues }: Deps) =>
  async function listMine(
    scope: Scope,
    queueId: string,
    { limit, cursor }: { limit: number; cursor?: string | undefined },
  ) {
    await queues.find(scope, queueId);
    const before = cursor === undefined ? null : fromTimeCursor(cursor);
    const of = { queueId, annotator: scope.actor };
    const rows = await createAnswerStore(db).listOf(of, { limit: limit + 1, before });
    const page = toPage(rows, limit, ({ answer }) => [answer.createdAt.toISOString(), answer.id]);
    const names = await namesOf(scope.projectId, [scope.actor]);
    return { ...page, items: page.items.map((known) => toAnswer(known, names)) };
  };
