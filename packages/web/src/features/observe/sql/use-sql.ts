import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type Answer, ApiError, explain } from "../../../api.ts";
import { useStored } from "../../../components/browser/stored-state.ts";
import { useProject } from "../../system/session/index.ts";
import { type PastStatement, withStatement } from "./history.ts";

export type SqlAnswer = Answer<"POST /api/v1/sql">;
type Failure = { message: string; position: number | undefined };
export type SqlState =
  | { kind: "idle" }
  | { kind: "running"; since: number; last: SqlAnswer | undefined }
  | { kind: "done"; answer: SqlAnswer }
  | { kind: "failed"; failure: Failure }
  | { kind: "cancelled" };

const MOST_ROWS = 1_000;
const NO_HISTORY: readonly PastStatement[] = [];

/** Runs one statement at a time; leaving the page or `cancel` stops it on the server too. */
export function useSqlRun() {
  const { id, client } = useProject();
  const [state, setState] = useState<SqlState>({ kind: "idle" });
  const [history, setHistory] = useStored(`sql-history.${id}`, NO_HISTORY);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  async function run(sql: string) {
    if (sql.trim() === "") return;
    running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    setHistory(withStatement(history, { sql: sql.trim(), at: new Date().toISOString() }));
    setState({ kind: "running", since: Date.now(), last: state.kind === "done" ? state.answer : undefined });
    try {
      const answer = await client.call("POST /api/v1/sql", { body: { sql, limit: MOST_ROWS }, signal: stop.signal });
      if (!stop.signal.aborted) setState({ kind: "done", answer });
    } catch (error) {
      // A statement that a newer one cancelled reports nothing.
      if (running.current === stop)
        setState(stop.signal.aborted ? { kind: "cancelled" } : { kind: "failed", failure: failureOf(error) });
    }
  }
  return { state, history, run, cancel: () => running.current?.abort() };
}

function failureOf(error: unknown): Failure {
  const details = error instanceof ApiError ? error.details : undefined;
  const position =
    typeof details === "object" && details !== null && "position" in details && typeof details.position === "number"
      ? details.position
      : undefined;
  return { message: explain(error), position };
}

/** What a statement can name. */
export function useSqlSchema() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["sql-schema", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/sql/schema", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
