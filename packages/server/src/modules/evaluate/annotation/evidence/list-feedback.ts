import type { Feedback, FeedbackFilter, ScoreConfig } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { FeedbackService } from "../../../observe/feedback/index.ts";

export type FeedbackLists = Pick<FeedbackService, "list" | "idsOfTraces"> & {
  readonly configs: Pick<FeedbackService["configs"], "list">;
};

/** More is left out, the oldest first. */
const MOST_FEEDBACK = 20_000;
const PAGE = 200;

type Page<Row> = { readonly items: readonly Row[]; readonly nextCursor: string | null };

async function readPages<Row>(read: (page: { limit: number; cursor?: string }) => Promise<Page<Row>>): Promise<Row[]> {
  const all: Row[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Row> = await read({ limit: PAGE, ...(cursor !== null && { cursor }) });
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && all.length < MOST_FEEDBACK);
  return all;
}

/** Feedback that counts now, newest first. */
export const listFeedback = (feedback: FeedbackLists, scope: Scope, filter: FeedbackFilter): Promise<Feedback[]> =>
  readPages((page) => feedback.list(scope, { ...filter, ...page }));

/** The score configurations of feedback, including archived ones, since their feedback remains. */
export async function listConfigs(feedback: FeedbackLists, scope: Scope): Promise<ReadonlyMap<string, ScoreConfig>> {
  const all = await readPages((page) => feedback.configs.list(scope, { ...page, archived: true }));
  return new Map(all.map((config) => [config.name, config]));
}
