import type { Span } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { Spool } from "../../../platform/spool/port.ts";
import { countsOnly, type Privacy, type PrivacyRules } from "../redaction/index.ts";
import type { OwnSpans } from "./otlp/own-spans.ts";
import { SPANS_TABLE, toRow, toStored } from "./rows/span-row.ts";
import type { Traces } from "./service.ts";

/** Remembers calls, because a sender's own span around a call may report the same tokens again. */
export type CallNotes = { noteCall(scope: Scope, span: Span): void };
/** Reserves a core for the thread that answers while calls come in. */
export type CallTraffic = { called(): void };

type Deps = {
  readonly spool: Pick<Spool, "push">;
  readonly traces: Pick<Traces, "live">;
  readonly otlp: CallNotes & { readonly ownSpans: Pick<OwnSpans, "store"> };
  readonly privacy: Privacy;
  readonly traffic: CallTraffic;
};

/** Records the model calls of this server: the last step of a call, once its caller has the answer. */
export function createCallRecords({ spool, traces: { live }, otlp, privacy, traffic }: Deps) {
  /** The row is built now only for live watchers. Otherwise the spool builds it, off the path of the request. */
  function push(projectId: string, span: Span): void {
    if (!live.isWatched(projectId)) {
      spool.push(SPANS_TABLE, { toJSON: () => toStored(toRow(projectId, span, false)) });
      return;
    }
    const row = toRow(projectId, span, false);
    live.publish(projectId, row, span.startTime);
    spool.push(SPANS_TABLE, toStored(row));
  }

  /** Another thread redacts the spans. If that fails, its counts and times are stored. */
  function pushRedacted(projectId: string, spans: readonly Span[]): void {
    const pushAll = (stored: readonly Span[]) => {
      for (const span of stored) push(projectId, span);
    };
    readRules(privacy, projectId)
      .then((rules) => (rules ? otlp.ownSpans.store(projectId, spans, rules) : pushAll(spans)))
      .catch(() => pushAll(spans.map(countsOnly)));
  }

  return {
    /**
     * Stores the span of a call and the spans of its parts. Never waits, never throws, and counts the spans that cannot be stored.
     * The spans must not change afterwards.
     */
    record(scope: Scope, span: Span, parts: readonly Span[] = []): void {
      if (!isUnchanged(privacy, scope.projectId)) pushRedacted(scope.projectId, [span, ...parts]);
      else for (const one of [span, ...parts]) push(scope.projectId, one);
      otlp.noteCall(scope, span);
      traffic.called();
    },
  };
}

/** Until the rules are read, whether there are any is not known. */
function isUnchanged(privacy: Privacy, projectId: string): boolean {
  try {
    return privacy.rulesOf(projectId) === null;
  } catch {
    return false;
  }
}

const readRules = async (privacy: Privacy, projectId: string): Promise<PrivacyRules | null> =>
  privacy.rulesOf(projectId);
