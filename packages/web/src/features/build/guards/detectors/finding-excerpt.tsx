import { useQuery } from "@tanstack/react-query";
import { ApiError, explain } from "../../../../api.ts";
import { Skeleton } from "../../../../components/feedback/states.tsx";
import { useProject } from "../../../system/session/index.ts";
import type { Label } from "../shared/use-detectors.ts";
import { excerptOf, textAt } from "./text-at.ts";

function useSpan({ traceId, spanId }: Pick<Label, "traceId" | "spanId">) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["guard-finding", id, traceId, spanId],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/traces/:traceId/spans/:spanId", { params: { traceId, spanId }, signal }),
  });
}

/** A finding in the text of its span, as it is stored. */
export function FindingExcerpt({ label }: { label: Label }) {
  const span = useSpan(label);
  if (span.isPending) return <Skeleton className="h-10 w-full" />;
  if (span.error) return <p className="text-muted">{reasonOf(span.error)}</p>;
  const text = textAt(span.data, label.path);
  const excerpt = text === undefined ? undefined : excerptOf(text, label);
  if (!excerpt) return <p className="text-muted">The span no longer stores a text at this place.</p>;
  return (
    <p
      dir="auto"
      className="rounded-control border border-line px-2.5 py-1.5 leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]"
    >
      {excerpt.before}
      <mark className="rounded-[3px] bg-warn-soft px-0.5 text-warn">{excerpt.finding}</mark>
      {excerpt.after}
    </p>
  );
}

const reasonOf = (error: unknown) =>
  error instanceof ApiError && error.status === 404 ? "The span was deleted." : explain(error);
