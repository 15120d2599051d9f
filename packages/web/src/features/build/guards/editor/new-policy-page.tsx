import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { RunDenied } from "../../../../components/form/run-form.tsx";
import { BackLink } from "../../../../components/layout/page.tsx";
import { LeaveGuard } from "../../../../components/overlay/leave-guard.tsx";
import { useProject } from "../../../system/session/index.ts";
import { newDraft } from "../shared/templates.ts";
import { useSavePolicy } from "../shared/use-guards.ts";
import { EditorHeader } from "./editor-header.tsx";
import { focusProblem } from "./focus-problem.ts";
import { PolicyEditor } from "./policy-editor.tsx";
import { usePolicyForm } from "./use-policy-form.ts";

const route = getRouteApi("/shell/guards/new");

/** The form of a new policy, empty or with a template. */
export function NewPolicyPage() {
  const { template } = route.useSearch();
  if (!useProject().can("guards:write"))
    return (
      <RunDenied
        title="New policy"
        back={<BackLink to="/guards" label="Guards" />}
        denied="You cannot change guard policies"
      />
    );
  return <NewPolicy key={template} template={template} />;
}

function NewPolicy({ template }: { template: string | undefined }) {
  const { form, isDone, isBusy, save, cancel } = useCreating(template);
  return (
    <>
      <EditorHeader
        title="New policy"
        note="The next request through the gateway uses it."
        form={form}
        isBusy={isBusy}
        onSave={save}
        onDiscard={cancel}
        isNew
      />
      <PolicyEditor form={form} canWrite />
      <LeaveGuard isNeeded={() => form.isChanged && !isDone.current} staysOpen={() => true} discard={form.discard} />
    </>
  );
}

function useCreating(template: string | undefined) {
  const [initial] = useState(() => newDraft(template));
  const form = usePolicyForm(`new.${template ?? "empty"}`, initial);
  const create = useSavePolicy(undefined);
  const navigate = useNavigate();
  const isDone = useRef(false);
  function leave() {
    isDone.current = true;
    form.discard();
  }
  async function save() {
    const isSaved = await form.submit(async (body) => {
      const { policyId, name } = await create.mutateAsync({ body, expectedVersion: 0 });
      toastDone(`Created ${name}. The next request uses it.`);
      leave();
      await navigate({ to: "/guards/$policyId", params: { policyId }, replace: true });
    });
    if (!isSaved) focusProblem();
  }
  function cancel() {
    leave();
    void navigate({ to: "/guards" });
  }
  return { form, isDone, isBusy: create.isPending, save: () => void save(), cancel };
}
