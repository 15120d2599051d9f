import type { Dashboard } from "../shared/use-dashboards.ts";

/** A dashboard as it is being edited, and the version that the editing began with. */
export type Draft = Pick<Dashboard, "name" | "description" | "charts" | "version">;

/** The drafts that can be gone back to, the latest last, and those that were left by going back. */
export type History = {
  readonly past: readonly Draft[];
  readonly future: readonly Draft[];
  /** What was changed last; more of the same, such as letters of a name, is one step. */
  readonly what: string | undefined;
};
export const NO_HISTORY: History = { past: [], future: [], what: undefined };

const MOST = 100;

export const isSame = (a: Draft, b: Draft): boolean =>
  JSON.stringify([a.name, a.description, a.charts]) === JSON.stringify([b.name, b.description, b.charts]);

type Change = { readonly before: Draft; readonly after: Draft; readonly what?: string | undefined };

/** The history after a change. A change that ends where it began leaves no step. */
export function remember({ past, what: last }: History, { before, after, what }: Change): History {
  const isMore = what !== undefined && what === last && past.length > 0;
  const steps = isMore ? past : [...past, before].slice(-MOST);
  const start = steps.at(-1);
  if (start && isSame(start, after)) return { past: steps.slice(0, -1), future: [], what: undefined };
  return { past: steps, future: [], what };
}

/** One step back from the draft as it is now; undefined where there is none. */
export function stepBack({ past, future }: History, now: Draft): { history: History; draft: Draft } | undefined {
  const draft = past.at(-1);
  return draft && { draft, history: { past: past.slice(0, -1), future: [...future, now], what: undefined } };
}

/** Redoes the last undone step. */
export function stepForward({ past, future }: History, now: Draft): { history: History; draft: Draft } | undefined {
  const draft = future.at(-1);
  return draft && { draft, history: { past: [...past, now], future: future.slice(0, -1), what: undefined } };
}
