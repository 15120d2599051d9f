import { Link } from "@tanstack/react-router";
import { CircleAlert, ListTree } from "lucide-react";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { buttonLook } from "../../../../components/form/button.tsx";
import { RowsSkeleton } from "../../../../components/table/list-rows.tsx";
import type { TableLayout } from "../../../../components/table/table-layout.ts";
import { useProject } from "../../../system/session/index.ts";
import { findProblem, hasFilter, type TraceFilter } from "../../filter/index.ts";
import type { useSpans, useTraces } from "./use-traces.ts";

type List = ReturnType<typeof useSpans> | ReturnType<typeof useTraces>;
type What = "span" | "trace" | "generation";

/** Shown while there are no rows: a skeleton, an error or an empty state. */
export function ListState<Row>({
  list,
  what,
  filter,
  layout,
}: {
  list: List;
  what: What;
  filter: TraceFilter;
  layout: TableLayout<Row>;
}) {
  const project = useProject();
  const problem = findProblem(filter);
  if (problem) {
    return (
      <EmptyState title="Invalid filter" icon={<CircleAlert size={22} />}>
        Fix the filter to see results.
      </EmptyState>
    );
  }
  if (list.isPending) return <RowsSkeleton layout={layout} />;
  if (list.error)
    return <ErrorState error={list.error} retry={() => list.refetch()} title={`The ${what}s could not be loaded`} />;
  if (hasFilter(filter)) {
    return (
      <EmptyState
        title={`No matching ${what}s`}
        icon={<ListTree size={22} />}
        action={
          <Link to="." search={(old) => ({ ...old, filter: undefined })} className={buttonLook("plain")}>
            Show all {what}s
          </Link>
        }
      >
        Remove a condition or choose a longer time range at the top right.
      </EmptyState>
    );
  }
  const sample = project.projects.find((candidate) => candidate.isSample && candidate.projectId !== project.id);
  return (
    <EmptyState
      title={`No ${what}s in this time range`}
      icon={<ListTree size={22} />}
      code={`curl ${location.origin}/v1/chat/completions -H "Authorization: Bearer $TREADLE_API_KEY" -H "Content-Type: application/json" -d '{"model": "smollm2-135m-instruct", "messages": [{"role": "user", "content": "Hello"}]}'`}
      action={
        sample && (
          <Link to="/traces" search={{ project: sample.projectId }} className={buttonLook("plain")}>
            View the sample project
          </Link>
        )
      }
    >
      Treadle records calls through this server within a second, and also spans that your code sends.
    </EmptyState>
  );
}
