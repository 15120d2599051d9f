import { Link } from "@tanstack/react-router";
import { CircleAlert, ListTree } from "lucide-react";
import { buttonLook } from "../../components/button.tsx";
import { RowsSkeleton } from "../../components/list-rows.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import type { TableLayout } from "../../components/table-layout.ts";
import { findProblem, hasFilter, type TraceFilter } from "../filter/index.ts";
import { useProject } from "../session/index.ts";
import type { useSpans, useTraces } from "./use-traces.ts";

type List = ReturnType<typeof useSpans> | ReturnType<typeof useTraces>;
type What = "span" | "trace" | "generation";

/** What stands in place of the rows while there are none: grey rows, an error, or why it is empty. */
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
      <EmptyState title="The filter cannot be used" icon={<CircleAlert size={22} />}>
        Nothing is looked for until it is mended.
      </EmptyState>
    );
  }
  if (list.isPending) return <RowsSkeleton layout={layout} />;
  if (list.error)
    return <ErrorState error={list.error} retry={() => list.refetch()} title={`The ${what}s could not be loaded`} />;
  if (hasFilter(filter)) {
    return (
      <EmptyState
        title={`No ${what} matches`}
        icon={<ListTree size={22} />}
        action={
          <Link to="." search={(old) => ({ ...old, filter: undefined })} className={buttonLook("plain")}>
            Show every {what}
          </Link>
        }
      >
        Take a condition away, or choose a longer time at the top right.
      </EmptyState>
    );
  }
  const sample = project.projects.find((candidate) => candidate.isSample && candidate.id !== project.id);
  return (
    <EmptyState
      title={`No ${what} in this time`}
      icon={<ListTree size={22} />}
      code={`curl ${location.origin}/v1/chat/completions -H "Authorization: Bearer $TREADLE_API_KEY" -H "Content-Type: application/json" -d '{"model": "smollm2-135m-instruct", "messages": [{"role": "user", "content": "Hello"}]}'`}
      action={
        sample && (
          <Link to="/traces" search={{ project: sample.id }} className={buttonLook("plain")}>
            See the sample project's
          </Link>
        )
      }
    >
      Every call through this server is recorded here within a second, and so are spans that your own code sends to it.
    </EmptyState>
  );
}
