import type { Route } from "@treadle/contract";
import type { AnyHandler } from "../../../kernel/call.ts";
import { isRecord } from "../../../kernel/is-record.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { ContentDeps } from "./deps.ts";

type Call = Parameters<AnyHandler>[0];
type Read = { readonly target: string; readonly details: Readonly<Record<string, string>> };

export const READ_WINDOW_MS = 600_000;
/** Entries of one caller in a window. One more says that others are left out. */
export const MOST_READS = 100;
/** Reads that are remembered so that they are not written again. Beyond, some are. */
const MOST_REMEMBERED = 20_000;
const LONGEST_QUERY = 500;

/** Writes reads of content into the audit log: once for each caller and target in ten minutes. */
export function createReadLog(deps: ContentDeps) {
  const { isRecording, clock } = deps;
  const written = createWindow<Promise<void>>();
  const write = createWrite(deps);
  return {
    /** Resolves once the entry of the read is stored. */
    async note(route: Route, call: Call): Promise<void> {
      const { projectId, actor } = call.scope;
      if (!isRecording(projectId)) return;
      const read = readOf(route, call);
      const key = JSON.stringify([projectId, actor, read.target, read.details]);
      const now = clock.elapsed();
      const entry = written.get(key, now, () => write(call.scope, read, now));
      try {
        await entry;
      } catch (error) {
        written.delete(key);
        throw error;
      }
    },
  };
}

/** Writes at most so many entries of a caller in a window, and one that says that there were more. */
function createWrite({ audit, redactorFor }: ContentDeps) {
  const counts = createWindow<{ count: number }>();
  return async function write(scope: Scope, { target, details }: Read, now: number): Promise<void> {
    const caller = counts.get(`${scope.projectId} ${scope.actor}`, now, () => ({ count: 0 }));
    caller.count += 1;
    if (caller.count > MOST_READS + 1) return;
    if (caller.count > MOST_READS) {
      const bound = { entries: MOST_READS, minutes: READ_WINDOW_MS / 60_000 };
      return audit.record(scope, { action: "content.read-many", target: scope.actor, details: bound });
    }
    const redactor = redactorFor(scope.projectId);
    const texts = Object.entries(details).map(([name, text]) => [name, redactor?.text("inputs", text) ?? text]);
    await audit.record(scope, { action: "content.read", target, details: Object.fromEntries(texts) });
  };
}

/** Values by key that are forgotten ten minutes after they were made. */
function createWindow<Value>() {
  const entries = new Map<string, { readonly at: number; readonly value: Value }>();
  return {
    get(key: string, now: number, make: () => Value): Value {
      const known = entries.get(key);
      if (known && now - known.at < READ_WINDOW_MS) return known.value;
      entries.delete(key);
      const [oldest] = entries.keys();
      if (oldest !== undefined && entries.size >= MOST_REMEMBERED) entries.delete(oldest);
      const value = make();
      entries.set(key, { at: now, value });
      return value;
    },
    delete: (key: string) => void entries.delete(key),
  };
}

/** A read of a trace is about the trace, whichever of its parts are read. Other reads are about a query. */
function readOf({ name }: Route, { params, query, body }: Call): Read {
  const ids = isRecord(params) ? Object.entries(params) : [];
  const traceId = ids.find(([key]) => key === "traceId")?.[1];
  if (typeof traceId === "string") return { target: traceId, details: { operation: "getTrace" } };
  const [id] = ids.map(([, value]) => value);
  return {
    target: typeof id === "string" ? id : name,
    details: { operation: name, ...textsOf(query), ...textsOf(body) },
  };
}

const QUERY_FIELDS = ["filter", "search", "text", "sql", "traceId", "sessionId", "userId"];

/** The parts of a query that say which content was read, cut. */
const textsOf = (input: unknown): Record<string, string> =>
  Object.fromEntries(
    QUERY_FIELDS.flatMap((field): [string, string][] => {
      const value = isRecord(input) ? input[field] : undefined;
      return typeof value === "string" && value !== "" ? [[field, value.slice(0, LONGEST_QUERY)]] : [];
    }),
  );
