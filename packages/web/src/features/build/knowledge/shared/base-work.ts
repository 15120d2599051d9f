import type { KnowledgeBase as Base } from "@treadle/contract";

type Work = Pick<Base, "job" | "states">;

/** Whether a job indexes the base now. */
export const isIndexing = ({ job }: Pick<Base, "job">): boolean => job?.state === "queued" || job?.state === "running";

/** The documents that the next version includes. */
export const waitingIn = ({ states }: Pick<Base, "states">): number => (states.waiting ?? 0) + (states.parsed ?? 0);

/** Whether the base changes soon without an action of a user. A failed job stays until someone runs it again. */
export const isBusy = (base: Work): boolean =>
  isIndexing(base) || (waitingIn(base) > 0 && base.job?.state !== "failed" && base.job?.state !== "cancelled");
