import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { QueueRow } from "./queue-store.ts";

type People = Pick<QueueRow, "name" | "annotators" | "reviewers" | "createdBy">;

export const mayAnswer = ({ actor, permissions }: Scope, { annotators }: People): boolean =>
  permissions.has("annotation:write") && (annotators.length === 0 || annotators.includes(actor));

/** Who made the queue, whom it names, and the project's admins. */
export const mayReview = ({ actor, permissions }: Scope, { reviewers, createdBy }: People): boolean =>
  reviewers.includes(actor) || createdBy === actor || permissions.has("members:write");

/** Throws `forbidden` for who is not among the queue's annotators. */
export function checkMayAnswer(scope: Scope, queue: People): void {
  if (mayAnswer(scope, queue)) return;
  throw new AppError("forbidden", {
    message: `"${queue.name}" is answered by people whom it names. Ask who runs the queue to add you.`,
  });
}

/** Throws `forbidden` for who is not a reviewer of the queue. */
export function checkMayReview(scope: Scope, queue: People): void {
  if (mayReview(scope, queue)) return;
  throw new AppError("forbidden", {
    message: `Only the reviewers of "${queue.name}" and the project's admins see what others answered and settle disputes.`,
  });
}
