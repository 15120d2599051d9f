import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { ActingJob, useLiveJob } from "../../../system/jobs/index.ts";
import { useProject } from "../../../system/session/index.ts";
import { isSameJson } from "../shared/is-same-json.ts";
import { type PolicyDraft, ruleInputOf } from "../shared/policy-draft.ts";
import type { Policy } from "../shared/use-guards.ts";
import { PreviewList } from "./preview-list.tsx";
import { PreviewResultView } from "./preview-result.tsx";
import { type Preview, type PreviewInput, usePreview, useRefreshPreviews, useStartPreview } from "./use-previews.ts";

const route = getRouteApi("/shell/guards/$policyId");
const DAYS = ["1", "7", "30"] as const;
const DAY_WORDS = { "1": "1 day", "7": "7 days", "30": "30 days" } as const;

type TabProps = { policy: Policy; draft: PolicyDraft };

/** What the rules in the form would have done to the stored calls. */
export function PreviewTab({ policy, draft }: TabProps) {
  const { preview: previewId } = route.useSearch();
  const preview = usePreview(previewId);
  const refreshList = useRefreshPreviews();
  function refetch() {
    void preview.refetch();
    void refreshList();
  }
  return (
    <div className="flex flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
      <StartForm policy={policy} draft={draft} />
      <PreviewList policyId={policy.policyId} shown={previewId} />
      {preview.error && (
        <ErrorState error={preview.error} retry={() => preview.refetch()} title="The preview could not be loaded" />
      )}
      {previewId !== undefined && preview.isPending && <Skeleton className="h-60 rounded-card" />}
      {preview.data && <Finished preview={preview.data} draft={draft} refetch={refetch} />}
    </div>
  );
}

type Days = (typeof DAYS)[number];

/** Starts a preview of the rules in the form, and shows it. */
function useStart({ policy, draft }: TabProps) {
  const navigate = route.useNavigate();
  const start = useStartPreview();
  const run = (days: Days) => {
    const rules = draft.rules.map(ruleInputOf);
    const { policyId, version } = policy;
    // Rules that are not saved are no version of the policy.
    const isSaved = isSameJson(rules, policy.rules) && isSameJson(draft.appliesTo, policy.appliesTo);
    const what = isSaved ? { policyId, version } : { policyId, rules, appliesTo: draft.appliesTo };
    start.mutate({ ...what, days: Number(days) } as PreviewInput, {
      onSuccess: ({ previewId }) => void navigate({ search: (old) => ({ ...old, preview: previewId }), replace: true }),
    });
  };
  return { run, isBusy: start.isPending, error: start.error };
}

function StartForm({ policy, draft }: TabProps) {
  const project = useProject();
  const [days, setDays] = useState<Days>("7");
  const { run, isBusy, error } = useStart({ policy, draft });
  const mayStart = project.can("guards:write") && project.can("traces:read") && project.can("traces:content");
  return (
    <Section
      title="Preview on stored calls"
      description="Reads the calls of the last days with the rules as they are here, saved or not. It changes no call, and calls no model."
    >
      <div className="flex flex-wrap items-center gap-3 px-4 pb-4">
        <Choice label="Period" names={DAYS} words={DAY_WORDS} chosen={days} onChoose={setDays} />
        <Button onClick={() => run(days)} isBusy={isBusy} disabled={!mayStart || draft.rules.length === 0}>
          Start preview
        </Button>
        {!mayStart && (
          <p className="text-muted">You need the permissions guards:write, traces:read and traces:content.</p>
        )}
      </div>
      <div className="px-4 pb-4 empty:hidden">
        <Failure text={error ? explain(error) : undefined} />
      </div>
    </Section>
  );
}

type FinishedProps = { preview: Preview; draft: PolicyDraft; refetch: () => void };

function Finished({ preview, draft, refetch }: FinishedProps) {
  const isDone = preview.state === "done";
  const job = useLiveJob(isDone ? undefined : preview.jobId, refetch);
  if (preview.result)
    return (
      <>
        <OldNote preview={preview} draft={draft} />
        <PreviewResultView preview={preview} result={preview.result} />
      </>
    );
  if (job.data) return <ActingJob job={job.data} className="card p-4" />;
  return preview.error ? <Failure text={preview.error} /> : <Skeleton className="h-24 rounded-card" />;
}

/** The result is of other rules than the rules in the form. */
function OldNote({ preview, draft }: Omit<FinishedProps, "refetch">) {
  const isSame =
    isSameJson(preview.rules, draft.rules.map(ruleInputOf)) && isSameJson(preview.appliesTo, draft.appliesTo);
  if (isSame) return null;
  return (
    <p role="status" className="rounded-control bg-warn-soft px-3 py-2">
      The rules or their calls have changed since this preview. Start another preview to see their effect.
    </p>
  );
}
