import { getRouteApi } from "@tanstack/react-router";
import { GitCommitHorizontal } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { whenDone } from "../../../../components/feedback/when-done.ts";
import { Button } from "../../../../components/form/button.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { PlainTable } from "../../../../components/table/plain-table.tsx";
import { useProject } from "../../../system/session/index.ts";
import { isIndexing } from "../shared/base-work.ts";
import { type Base, useBase } from "../shared/use-bases.ts";
import { useBuildVersion, useVersions, type Version } from "../shared/use-versions.ts";
import { CompareSection } from "./compare-section.tsx";
import { LiveDialog } from "./live-dialog.tsx";
import { versionColumns } from "./version-columns.tsx";

const route = getRouteApi("/shell/knowledge/$knowledgeBaseId/versions");

/** The index versions of a base, newest first, and what differs between two of them. */
export function VersionsPage() {
  const { knowledgeBaseId } = route.useParams();
  const base = useBase(knowledgeBaseId).data;
  return (
    <div className="flex flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
      {base ? <Parts base={base} /> : <Skeleton className="h-60 rounded-card" />}
    </div>
  );
}

function Parts({ base }: { base: Base }) {
  const canWrite = useProject().can("knowledge:write");
  const list = useVersions(base.knowledgeBaseId);
  const versions = list.data?.pages.flatMap((page) => page.items);
  if (list.error && !versions)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The versions could not be loaded" />;
  if (versions?.length === 0)
    return <NoVersions build={canWrite && base.documents > 0 && <BuildButton base={base} />} />;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="max-w-170 text-muted text-pretty">
          {base.goesLive
            ? "A new version goes live when its build succeeds."
            : "A new version does not go live until you make it live."}
        </p>
        {canWrite && <BuildButton base={base} />}
      </div>
      <VersionList base={base} canWrite={canWrite} list={list} versions={versions} />
      {versions && versions.length > 1 && <CompareSection base={base} />}
    </>
  );
}

const NoVersions = ({ build }: { build: ReactNode }) => (
  <EmptyState title="No versions yet" icon={<GitCommitHorizontal size={22} />} action={build}>
    A version holds the chunks and vectors of all documents at one time. It never changes, so you can compare versions
    and roll back. The first one is built after you upload documents.
  </EmptyState>
);

type ListProps = {
  base: Base;
  canWrite: boolean;
  list: ReturnType<typeof useVersions>;
  versions: readonly Version[] | undefined;
};

function VersionList({ base, canWrite, list, versions }: ListProps) {
  const [chosen, setChosen] = useState<Version>();
  const navigate = route.useNavigate();
  const { liveVersion } = base;
  const columns = useMemo(
    () =>
      versionColumns({
        liveVersion,
        onLive: canWrite ? setChosen : undefined,
        onCompare: (from, to) => void navigate({ search: { from: String(from), to: String(to) }, replace: true }),
      }),
    [liveVersion, canWrite, navigate],
  );
  return (
    <div className="card overflow-hidden">
      <PlainTable label="Versions" columns={columns} rows={versions} idOf={({ version }) => String(version)} />
      <MoreRows list={list} />
      {chosen && <LiveDialog base={base} version={chosen.version} close={() => setChosen(undefined)} />}
    </div>
  );
}

function BuildButton({ base }: { base: Base }) {
  const build = useBuildVersion(base.knowledgeBaseId);
  const started = () => toastDone("The build has started. Without a change there is no new version.");
  return (
    <Button isBusy={build.isPending || isIndexing(base)} onClick={() => void whenDone(build.mutateAsync(), started)}>
      Build version
    </Button>
  );
}
