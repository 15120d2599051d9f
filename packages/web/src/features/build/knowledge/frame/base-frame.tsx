import { getRouteApi, Outlet } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ApiError } from "../../../../api.ts";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { Subpages } from "../../../../components/layout/subpages.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { type Base, useBase } from "../shared/use-bases.ts";
import { BaseJob } from "./base-job.tsx";

const route = getRouteApi("/shell/knowledge/$knowledgeBaseId");

const PAGES = [
  { to: "/knowledge/$knowledgeBaseId", label: "Documents", isExact: true },
  { to: "/knowledge/$knowledgeBaseId/sources", label: "Sources" },
  { to: "/knowledge/$knowledgeBaseId/search", label: "Search" },
  { to: "/knowledge/$knowledgeBaseId/ask", label: "Ask" },
  { to: "/knowledge/$knowledgeBaseId/versions", label: "Versions" },
  { to: "/knowledge/$knowledgeBaseId/evaluation", label: "Evaluation" },
  { to: "/knowledge/$knowledgeBaseId/settings", label: "Settings" },
] as const;

/** The frame of all pages of a knowledge base: the name above, and the job that indexes it. */
export function BaseFrame() {
  const { knowledgeBaseId } = route.useParams();
  const base = useBase(knowledgeBaseId);
  const back = <BackLink to="/knowledge" label="Knowledge" />;
  const { data, error } = base;
  if (error && !data) return <LoadFailure error={error} retry={() => base.refetch()} back={back} />;
  return (
    <>
      <PageHeader
        title={data?.name ?? "Knowledge base"}
        back={back}
        description={data ? <Facts base={data} /> : <Skeleton className="h-4 w-60" />}
      >
        <div className="-mb-3">
          <Subpages label="Knowledge base" pages={PAGES} />
        </div>
      </PageHeader>
      {data && <BaseJob base={data} />}
      <Outlet />
    </>
  );
}

type FailureProps = { error: Error; retry: () => void; back: ReactNode };

const LoadFailure = ({ error, retry, back }: FailureProps) => (
  <>
    <PageHeader title="Knowledge base" back={back} />
    {error instanceof ApiError && error.status === 404 ? (
      <EmptyState title="Knowledge base not found">
        It may have been deleted, or it belongs to another project.
      </EmptyState>
    ) : (
      <ErrorState error={error} retry={retry} />
    )}
  </>
);

const Facts = ({ base: { description, documents, chunks, liveVersion } }: { base: Base }) => (
  <>
    <span className="num">
      {formatNumberOf(documents, "document")} · {formatNumberOf(chunks, "chunk")} ·{" "}
      {liveVersion === null ? "no live version" : `version ${liveVersion} is live`}
    </span>
    {description && (
      <span className="line-clamp-1 [overflow-wrap:anywhere]" title={description}>
        {description}
      </span>
    )}
  </>
);
