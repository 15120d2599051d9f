import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo, useRef } from "react";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Tabs } from "../../../../components/layout/tabs.tsx";
import { LeaveGuard } from "../../../../components/overlay/leave-guard.tsx";
import { formatAgo } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { PreviewTab } from "../preview/preview-tab.tsx";
import { draftOf } from "../shared/policy-draft.ts";
import { PolicyMenu } from "../shared/policy-menu.tsx";
import { type Policy, usePolicy, useSavePolicy } from "../shared/use-guards.ts";
import { VersionsTab } from "../versions/versions-tab.tsx";
import { EditorHeader } from "./editor-header.tsx";
import { focusProblem } from "./focus-problem.ts";
import { PolicyEditor } from "./policy-editor.tsx";
import { type PolicyForm, usePolicyForm } from "./use-policy-form.ts";

const route = getRouteApi("/shell/guards/$policyId");
const TABS = ["Policy", "Preview", "Versions"] as const;
const TAB_OF: Readonly<Record<string, (typeof TABS)[number]>> = { preview: "Preview", versions: "Versions" };

/** A policy: its editor, and its versions. */
export function PolicyPage() {
  const { policyId } = route.useParams();
  const policy = usePolicy(policyId);
  if (policy.data) return <PolicyView key={policyId} policy={policy.data} />;
  if (policy.error)
    return <ErrorState error={policy.error} retry={() => policy.refetch()} title="The policy could not be loaded" />;
  return (
    <div aria-busy className="flex flex-col gap-4 p-6">
      <Skeleton className="h-7 w-60" />
      <Skeleton className="h-96 rounded-card" />
    </div>
  );
}

function PolicyView({ policy }: { policy: Policy }) {
  const canWrite = useProject().can("guards:write");
  const navigate = useNavigate();
  const initial = useMemo(() => draftOf(policy), [policy]);
  const form = usePolicyForm(policy.policyId, initial);
  const { isBusy, save } = useSaving(policy.policyId, form);
  const isDone = useRef(false);
  function leave() {
    isDone.current = true;
    form.discard();
    void navigate({ to: "/guards" });
  }
  return (
    <>
      <EditorHeader
        title={policy.name}
        note={noteOf(policy, canWrite)}
        form={form}
        isBusy={isBusy}
        onSave={canWrite ? save : undefined}
        onDiscard={form.discard}
        menu={<PolicyMenu policy={policy} canWrite={canWrite} onDeleted={leave} />}
      />
      <Parts policy={policy} form={form} isBusy={isBusy} canWrite={canWrite} />
      <LeaveGuard isNeeded={() => form.isChanged && !isDone.current} staysOpen={() => true} discard={form.discard} />
    </>
  );
}

type PartsProps = { policy: Policy; form: PolicyForm; isBusy: boolean; canWrite: boolean };

function Parts({ policy, form, isBusy, canWrite }: PartsProps) {
  const tab = TAB_OF[route.useSearch().tab ?? ""] ?? "Policy";
  const navigate = route.useNavigate();
  const show = (next: (typeof TABS)[number]) =>
    void navigate({
      search: (old) => ({ ...old, tab: next === "Policy" ? undefined : next.toLowerCase() }),
      replace: true,
    });
  return (
    <>
      <div className="px-6 pt-2 max-md:px-4">
        <Tabs label="Parts of the policy" names={TABS} shown={tab} onShow={show} />
      </div>
      {!isBusy && <OutdatedNotice form={form} version={policy.version} />}
      <div role="tabpanel" aria-label={tab}>
        {tab === "Policy" && <PolicyEditor form={form} canWrite={canWrite} />}
        {tab === "Preview" && <PreviewTab policy={policy} draft={form.draft} />}
        {tab === "Versions" && <VersionsTab policy={policy} canWrite={canWrite} />}
      </div>
    </>
  );
}

function useSaving(policyId: string, form: PolicyForm) {
  const mutation = useSavePolicy(policyId);
  async function save() {
    const isSaved = await form.submit(async (body) => {
      const { version } = await mutation.mutateAsync({ body, expectedVersion: form.draft.base });
      toastDone(`Saved version ${version}. The next request uses it.`);
    });
    if (isSaved) form.discard();
    else focusProblem();
  }
  return { isBusy: mutation.isPending, save: () => void save() };
}

const noteOf = ({ version, updatedAt }: Policy, canWrite: boolean) =>
  `Version ${version}, changed ${formatAgo(updatedAt)}.${canWrite ? "" : " You can view this policy, but not change it."}`;

/** Another user saved a version after these changes were begun. */
function OutdatedNotice({ form, version }: { form: PolicyForm; version: number }) {
  const { base } = form.draft;
  if (base === version) return null;
  return (
    <p
      role="status"
      className="mx-6 mt-4 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-control bg-warn-soft px-3 py-2 max-md:mx-4"
    >
      Version {version} was saved after you started from version {base}.
      <Button size="small" onClick={() => form.change({ base: version })}>
        Keep mine
      </Button>
      <Button size="small" onClick={form.discard}>
        Discard mine
      </Button>
    </p>
  );
}
