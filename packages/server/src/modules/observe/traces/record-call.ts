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
export function createCallRecords({ otlp, privacy, traffic, ...deps }: Deps) {
  const push = createPush(deps);
  const pushAll = (projectId: string, spans: readonly Span[]) => {
    for (const span of spans) push(projectId, span);
  };

  /** Another thread redacts the spans. If that fails, their counts and times are stored. */
  function pushRedacted(projectId: string, spans: readonly Span[]): void {
    readRules(privacy, projectId)
      .then((rules) => (rules ? otlp.ownSpans.store(projectId, spans, rules) : pushAll(projectId, spans)))
      .catch(() => pushAll(projectId, spans.map(countsOnly)));
  }

  return {
    /**
     * Stores the span of a call and the spans of its parts. Never waits, never throws, and counts the spans that cannot be stored.
     * The spans must not change afterwards.
     */
    record(scope: Scope, span: Span, parts: readonly Span[] = []): void {
      const pushThem = isUnchanged(privacy, scope.projectId) ? pushAll : pushRedacted;
      pushThem(scope.projectId, [span, ...parts]);
      otlp.noteCall(scope, span);
      traffic.called();
    },
  };
}

/** The row is built now only for live watchers. Otherwise the spool builds it, off the path of the request. */
const createPush =
  ({ spool, traces: { live } }: Pick<Deps, "spool" | "traces">) =>
  (projectId: string, span: Span): void => {
    if (!live.isWatched(projectId)) {
      spool.push(SPANS_TABLE, { toJSON: () => toStored(toRow(projectId, span, false)) });
      return;
    }
    const row = toRow(projectId, span, false);
    live.publish(projectId, row, span.startTime);
    spool.push(SPANS_TABLE, toStored(row));
  };

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
