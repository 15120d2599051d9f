import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Chart } from "@treadle/contract";
import { useRef, useState } from "react";
import { ApiError } from "../../../../api.ts";
import { useStored } from "../../../../components/browser/stored-state.ts";
import { useProject } from "../../../system/session/index.ts";
import type { Dashboard } from "../shared/use-dashboards.ts";
import { type Draft, type History, isSame, NO_HISTORY, remember, stepBack, stepForward } from "./draft-history.ts";

const draftOf = ({ name, description, charts, version }: Dashboard): Draft => ({ name, description, charts, version });

/** The unsaved changes. They are stored in this browser, so leaving the page loses nothing. */
export function useDraft(dashboard: Dashboard) {
  const { id, client } = useProject();
  const queries = useQueryClient();
  const [kept, keep] = useStored<Draft | null>(`dashboard-draft.${id}.${dashboard.dashboardId}`, null);
  const [history, setHistory] = useState(NO_HISTORY);
  const draft = kept ?? draftOf(dashboard);
  // A notice that takes something back may be older than the changes that came after it.
  const latest = useRef({ draft, history });
  latest.current = { draft, history };

  function put(next: Draft, steps: History) {
    latest.current = { draft: next, history: steps };
    // A draft of the same content is none, so that undoing everything leaves nothing to save.
    keep(next.version === dashboard.version && isSame(next, draftOf(dashboard)) ? null : next);
    setHistory(steps);
  }
  /** Consecutive changes with the same `what` are undone together. */
  function change(next: Partial<Omit<Draft, "version">>, what?: string) {
    const { draft: before, history: steps } = latest.current;
    const after = { ...before, ...next };
    put(after, remember(steps, { before, after, what }));
  }
  const go = (step: typeof stepBack) => {
    const found = step(latest.current.history, latest.current.draft);
    if (found) put(found.draft, found.history);
  };
  const save = useMutation({
    mutationFn: (body: Draft) =>
      client.call("PUT /api/v1/dashboards/:dashboardId", { params: { dashboardId: dashboard.dashboardId }, body }),
    onSuccess: (saved) => {
      queries.setQueryData(["dashboard", id, dashboard.dashboardId], saved);
      keep(null);
      setHistory(NO_HISTORY);
      return queries.invalidateQueries({ queryKey: ["dashboards", id] });
    },
  });
  const isConflict = save.error instanceof ApiError && save.error.code === "conflict";
  return {
    draft,
    isChanged: kept !== null,
    /** Another user saved a version after editing started. */
    isOutdated: kept !== null && (kept.version !== dashboard.version || isConflict),
    change,
    changeCharts: (update: (charts: readonly Chart[]) => readonly Chart[], what?: string) =>
      change({ charts: [...update(latest.current.draft.charts)] }, what),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    undo: () => go(stepBack),
    redo: () => go(stepForward),
    save,
    discard: () => {
      keep(null);
      setHistory(NO_HISTORY);
      save.reset();
      return queries.invalidateQueries({ queryKey: ["dashboard", id, dashboard.dashboardId] });
    },
  };
}
export type DraftState = ReturnType<typeof useDraft>;
