import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { useKeys } from "../../components/keys.ts";
import { BackLink, PageHeader } from "../../components/page.tsx";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { useProject } from "../session/index.ts";
import { EditVersion } from "./edit-version.tsx";
import { LabelDialog } from "./label-dialog.tsx";
import { LabelsPanel } from "./labels-panel.tsx";
import { PromptActions } from "./prompt-actions.tsx";
import { PromptComments, useCommentTotal } from "./prompt-comments.tsx";
import { type PromptSearch, TABS, type TabName, tabOf, versionIn } from "./prompt-search.ts";
import { UsagePanel } from "./usage-panel.tsx";
import { useKeptDraft } from "./use-draft.ts";
import { type Prompt, usePrompt } from "./use-prompts.ts";
import { VersionDiff } from "./version-diff.tsx";
import { VersionList } from "./version-list.tsx";
import { VersionView } from "./version-view.tsx";

const route = getRouteApi("/shell/prompts/$name");

/** One prompt: its versions, and what is known of them. */
export function PromptPage() {
  const { name } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useProject();
  const { data: prompt, error, refetch } = usePrompt(name);
  if (!prompt)
    return error ? (
      <ErrorState
        error={error}
        retry={() => refetch()}
        title={isMissing(error) ? "There is no such prompt" : "The prompt could not be loaded"}
      />
    ) : (
      <PageSkeleton />
    );
  const change = (next: PromptSearch, isNewPlace = false) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: !isNewPlace });
  const version = versionIn(search.version) ?? prompt.latestVersion;
  if (search.edit === "1" && can("prompts:write"))
    return (
      <EditVersion
        key={name}
        prompt={prompt}
        version={version}
        close={(made) => change({ edit: undefined, version: made?.toString() ?? search.version }, true)}
      />
    );
  return <Whole key={name} {...{ prompt, version, search, change }} />;
}

const isMissing = (error: unknown) => error instanceof ApiError && error.status === 404;

type WholeProps = {
  prompt: Prompt;
  version: number;
  search: PromptSearch;
  change: (next: PromptSearch, isNewPlace?: boolean) => void;
};

function Whole({ prompt, version, search, change }: WholeProps) {
  const { can } = useProject();
  const [moved, setMoved] = useState<number>();
  const comments = useCommentTotal(prompt.name);
  const tab = tabOf(search);
  const canWrite = can("prompts:write");
  const open = (next: number) =>
    change({ version: next === prompt.latestVersion ? undefined : String(next), against: undefined });
  const edit = canWrite ? () => change({ edit: "1" }, true) : undefined;
  const show = (name: TabName) => change({ tab: name === "Prompt" ? undefined : name.toLowerCase() });
  useKeys("Prompt", [
    { keys: "j", label: "Older version", run: () => version > 1 && open(version - 1) },
    { keys: "k", label: "Newer version", run: () => version < prompt.latestVersion && open(version + 1) },
    { keys: "d", label: "What changed in this version", run: () => show(tab === "Changes" ? "Prompt" : "Changes") },
    ...(edit ? [{ keys: "e", label: "Edit", run: edit }] : []),
    ...(canWrite ? [{ keys: "l", label: "Move a label to this version", run: () => setMoved(version) }] : []),
  ]);
  return (
    <>
      <PageHeader
        title={prompt.name}
        description={prompt.description || undefined}
        back={<BackLink to="/prompts" label="Prompts" />}
        action={<PromptActions {...{ prompt, version, edit }} />}
      >
        {prompt.isArchived && (
          <p className="rounded-control bg-warn-soft px-3 py-1.5 text-warn">
            This prompt is archived: the list leaves it out. Programs still get it.
          </p>
        )}
        {edit && <UnsavedNotice name={prompt.name} onEdit={edit} />}
      </PageHeader>
      <div className="flex gap-6 px-6 pb-8 max-md:flex-col max-md:gap-3 max-md:px-4">
        <VersionList prompt={prompt} shown={version} onShow={open} onMove={canWrite ? setMoved : undefined} />
        <div className="min-w-0 grow">
          <Tabs
            label="Parts of the prompt"
            names={TABS}
            shown={tab}
            onShow={show}
            note={(name) => name === "Comments" && comments > 0 && <span className="num text-xs">{comments}</span>}
          />
          <div role="tabpanel" aria-label={tab} className="pt-4">
            {tab === "Prompt" && <VersionView prompt={prompt} version={version} />}
            {tab === "Changes" && (
              <VersionDiff
                prompt={prompt}
                to={version}
                from={versionIn(search.against) ?? Math.max(1, version - 1)}
                onChoose={({ from, to }) => change({ version: String(to), against: String(from) })}
              />
            )}
            {tab === "Labels" && <LabelsPanel prompt={prompt} shown={version} onMove={() => setMoved(version)} />}
            {tab === "Usage" && <UsagePanel prompt={prompt} search={search} change={change} />}
            {tab === "Comments" && <PromptComments prompt={prompt} version={version} />}
          </div>
        </div>
      </div>
      {moved !== undefined && <LabelDialog prompt={prompt} version={moved} close={() => setMoved(undefined)} />}
    </>
  );
}

/** What was written here and not saved, and the ways to go on. */
function UnsavedNotice({ name, onEdit }: { name: string; onEdit: () => void }) {
  const [kept, keep] = useKeptDraft(name);
  if (kept === null) return null;
  return (
    <p role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-control bg-warn-soft px-3 py-1.5">
      You changed it from version {kept.base} on and have not saved that.
      <Button size="small" onClick={onEdit}>
        Go on with it
      </Button>
      <Button size="small" onClick={() => keep(null)}>
        Discard it
      </Button>
    </p>
  );
}

function PageSkeleton() {
  return (
    <div aria-busy className="flex flex-col gap-6 p-6">
      <Skeleton className="h-7 w-80 max-w-full" />
      <div className="flex gap-6">
        <Skeleton className="h-80 w-64 max-md:hidden" />
        <Skeleton className="h-96 grow" />
      </div>
    </div>
  );
}
