import { sql } from "drizzle-orm";
import { type Postgres, runPrepared } from "../../../../platform/postgres/port.ts";
import type { AnnotatorRow } from "./annotator-store.ts";
import type { AnswerRow } from "./answer-store.ts";
import type { Draft, WorkState } from "./schema.ts";
import type { ItemRow } from "./work-store.ts";

export type Counted = "submitted" | "skipped" | "discarded" | "flagged";
type Person = Pick<AnnotatorRow, "submitted" | "skipped" | "discarded" | "flagged" | "recentMs">;
/** An answer with all that follows from it. The caller holds the work and the item. */
export type Keeping = {
  readonly answer: AnswerRow;
  readonly work: {
    readonly leaseId: string;
    readonly state: WorkState;
    readonly expiresAt: Date;
    readonly draft: Draft | null;
    /** The answer that counts; null when none does. */
    readonly answerId: string | null;
  };
  readonly item: Pick<ItemRow, "status" | "held" | "answered" | "agreement" | "completedAt">;
  /** The counter of the person to increase, or with −1 to decrease. */
  readonly count: { readonly what: Counted; readonly by: 1 | -1 };
};

const timeOf = (at: Date | null) => sql`${at?.toISOString() ?? null}::timestamptz`;
const RECENT = 100;

/** Writes answers down. One statement does it all: people wait for it with each answer. */
export const createKeptAnswerStore = (db: Postgres) => ({
  /** Gives what the person has done by now. */
  async keep({ answer, work, item, count }: Keeping): Promise<Person | undefined> {
    const row = JSON.stringify({ ...answer, createdAt: answer.createdAt.toISOString() });
    const ms = count.by === 1 && count.what === "submitted" ? answer.msActive : 0;
    const more = (what: Counted) => (what === count.what ? count.by : 0);
    const { rows } = await runPrepared<Person>(
      db,
      "annotation_keep",
      sql`
      WITH answer AS (
        INSERT INTO annotation_answers (id, project_id, queue_id, item_id, annotator, client_id, digest, status, answers, comment,
          candidate_order, questions_version, guideline_version, ms_active, is_suggestion_shown, client_version, supersedes, created_at)
        SELECT id, "projectId", "queueId", "itemId", annotator, "clientId", digest, status, answers, comment, "order",
          "questionsVersion", "guidelineVersion", "msActive", "isSuggestionShown", "clientVersion", supersedes, "createdAt"
        FROM json_to_record(${row}::json) AS answer(id text, "projectId" text, "queueId" text, "itemId" text, annotator text,
          "clientId" text, digest text, status text, answers json, comment text, "order" json, "questionsVersion" integer,
          "guidelineVersion" integer, "msActive" integer, "isSuggestionShown" boolean, "clientVersion" text, supersedes text,
          "createdAt" timestamptz)),
      work AS (
        UPDATE annotation_work SET state = ${work.state}, lease_id = ${work.leaseId}, expires_at = ${timeOf(work.expiresAt)},
          draft = ${work.draft === null ? null : JSON.stringify(work.draft)}::json, answer_id = ${work.answerId},
          updated_at = ${timeOf(answer.createdAt)}
        WHERE item_id = ${answer.itemId} AND annotator = ${answer.annotator}),
      item AS (
        UPDATE annotation_items SET status = ${item.status}, held = ${item.held}, answered = ${item.answered},
          agreement = ${item.agreement}, completed_at = ${timeOf(item.completedAt)}
        WHERE id = ${answer.itemId})
      INSERT INTO annotation_annotators AS person (queue_id, annotator, submitted, skipped, discarded, flagged, last_answer_at, recent_ms)
      VALUES (${answer.queueId}, ${answer.annotator}, ${more("submitted")}, ${more("skipped")}, ${more("discarded")},
        ${more("flagged")}, ${timeOf(answer.createdAt)}, CASE WHEN ${ms}::integer > 0 THEN ARRAY[${ms}::integer] ELSE '{}' END)
      ON CONFLICT (queue_id, annotator) DO UPDATE SET
        submitted = greatest(0, person.submitted + ${more("submitted")}), skipped = greatest(0, person.skipped + ${more("skipped")}),
        discarded = greatest(0, person.discarded + ${more("discarded")}), flagged = greatest(0, person.flagged + ${more("flagged")}),
        last_answer_at = CASE WHEN ${count.by}::integer = 1 THEN excluded.last_answer_at ELSE person.last_answer_at END,
        recent_ms = (excluded.recent_ms || person.recent_ms)[1:${sql.raw(String(RECENT))}]
      RETURNING submitted, skipped, discarded, flagged, recent_ms AS "recentMs"`,
    );
    return rows[0];
  },
});
