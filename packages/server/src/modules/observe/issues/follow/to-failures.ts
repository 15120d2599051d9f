import type { IssueKind } from "@treadle/contract";
import { classifySpan, type FailedRow } from "../failures/classify-span.ts";
import { type Cause, causeOf, type Failure, fingerprintOf } from "../failures/failure.ts";
import type { OwnerRow } from "../stores/failure-store.ts";
import type { JudgedRow } from "../stores/judgement-store.ts";

type Owners = ReadonlyMap<string, OwnerRow>;
export const byTrace = (rows: readonly OwnerRow[]): Owners => new Map(rows.map((row) => [row.trace_id, row]));

/** The failures of spans that count. What a span does not say, such as its user, its trace says. */
export const failuresOfSpans = (rows: readonly FailedRow[], kinds: ReadonlySet<IssueKind>, owners: Owners): Failure[] =>
  rows.flatMap((row) => {
    const cause = classifySpan(row);
    if (cause === null || !kinds.has(cause.kind)) return [];
    const owner = owners.get(row.trace_id);
    const ownPrompt = row.prompt_name !== "";
    return [
      {
        ...cause,
        fingerprint: fingerprintOf(cause),
        key: `${row.trace_id} ${row.span_id}`,
        traceId: row.trace_id,
        spanId: row.span_id,
        at: new Date(row.start_ms),
        userId: row.user_id || (owner?.user_id ?? ""),
        sessionId: row.session_id || (owner?.session_id ?? ""),
        release: row.release || (owner?.release ?? ""),
        promptName: ownPrompt ? row.prompt_name : (owner?.prompt_name ?? ""),
        promptVersion: ownPrompt ? row.prompt_version : (owner?.prompt_version ?? ""),
        model: row.model,
        endpoint: row.endpoint || (owner?.endpoint ?? ""),
      },
    ];
  });

/** The failures of scores or feedback. */
export const failuresOfJudgements = (
  kind: "score" | "feedback",
  rows: readonly JudgedRow[],
  owners: Owners,
): Failure[] =>
  rows.map((row) => {
    const cause: Cause =
      kind === "score" ? causeOf({ kind, rule: row.name.slice(0, 200) }) : causeOf({ kind, message: row.comment });
    const owner = owners.get(row.trace_id);
    return {
      ...cause,
      fingerprint: fingerprintOf(cause),
      key: `${kind} ${row.key}`,
      traceId: row.trace_id,
      spanId: row.span_id,
      at: new Date(row.at_ms),
      userId: row.user_id || (owner?.user_id ?? ""),
      sessionId: owner?.session_id ?? "",
      release: owner?.release ?? "",
      promptName: owner?.prompt_name ?? "",
      promptVersion: owner?.prompt_version ?? "",
      model: "",
      endpoint: owner?.endpoint ?? "",
    };
  });
