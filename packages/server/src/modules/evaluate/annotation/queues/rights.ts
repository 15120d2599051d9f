import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { QueueRow } from "../stores/queue-store.ts";

type People = Pick<QueueRow, "name" | "annotators" | "reviewers" | "createdBy">;

export const mayAnswer = ({ actor, permissions }: Scope, { annotators }: People): boolean =>
  permissions.has("annotation:write") && (annotators.length === 0 || annotators.includes(actor));

/** The queue's creator, its named reviewers, and the project's admins. */
export const mayReview = ({ actor, permissions }: Scope, { reviewers, createdBy }: People): boolean =>
  reviewers.includes(actor) || createdBy === actor || permissions.has("members:write");

/** Throws `forbidden` for who is not among the queue's annotators. */
export function checkMayAnswer(scope: Scope, queue: People): void {
  if (mayAnswer(scope, queue)) return;
  throw new AppError("forbidden", {
    message: `Only the annotators of "${queue.name}" can answer it. Ask a manager of the queue to add you.`,
  });
}

/** Throws `forbidden` for who is not a reviewer of the queue. */
export function checkMayReview(scope: Scope, queue: People): void {
  if (mayReview(scope, queue)) return;
  throw new AppError("forbidden", {
    message: `Only the reviewers of "${queue.name}" and the project's admins can see answers of others and settle disputes.`,
  });
}
