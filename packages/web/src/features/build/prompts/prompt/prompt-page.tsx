import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError } from "../../../../api.ts";
import { useKeys } from "../../../../components/browser/keys.ts";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { Tabs } from "../../../../components/layout/tabs.tsx";
import { useProject } from "../../../system/session/index.ts";
import { EditVersion } from "../editor/edit-version.tsx";
import { useKeptDraft } from "../editor/use-draft.ts";
import { type PromptSearch, TABS, type TabName, tabOf, versionIn } from "../shared/prompt-search.ts";
import { type Prompt, usePrompt } from "../shared/use-prompts.ts";
import { VersionDiff } from "../versions/version-diff.tsx";
import { VersionList } from "../versions/version-list.tsx";
import { VersionView } from "../versions/version-view.tsx";
import { LabelDialog } from "./label-dialog.tsx";
import { LabelsPanel } from "./labels-panel.tsx";
import { PromptActions } from "./prompt-actions.tsx";
import { PromptComments, useCommentTotal } from "./prompt-comments.tsx";
import { UsagePanel } from "./usage-panel.tsx";

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
        title={isMissing(error) ? "Prompt not found" : "The prompt could not be loaded"}
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
  return <Whole key={name} prompt={prompt} version={version} search={search} change={change} />;
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
    { keys: "d", label: "Show changes", run: () => show(tab === "Changes" ? "Prompt" : "Changes") },
    ...(edit ? [{ keys: "e", label: "Edit", run: edit }] : []),
    ...(canWrite ? [{ keys: "l", label: "Move a label to this version", run: () => setMoved(version) }] : []),
  ]);
  return (
    <>
      <PageHeader
        title={prompt.name}
        description={prompt.description || undefined}
        back={<BackLink to="/prompts" label="Prompts" />}
        action={<PromptActions prompt={prompt} version={version} edit={edit} />}
      >
        {prompt.isArchived && (
          <p className="rounded-control bg-warn-soft px-3 py-1.5 text-warn">
            This prompt is archived. It is hidden from the list, but programs can still use it.
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

/** The unsaved changes and their actions. */
function UnsavedNotice({ name, onEdit }: { name: string; onEdit: () => void }) {
  const [kept, keep] = useKeptDraft(name);
  if (kept === null) return null;
  return (
    <p role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-control bg-warn-soft px-3 py-1.5">
      You have unsaved changes based on version {kept.base}.
      <Button size="small" onClick={onEdit}>
        Continue editing
      </Button>
      <Button size="small" onClick={() => keep(null)}>
        Discard
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
