import { Activity, Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { PageHeader, Section } from "../../components/page.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { ScorerSubpages } from "../scorers/index.ts";
import { useProject } from "../session/index.ts";
import { BackfillDialog } from "./backfill-dialog.tsx";
import { LiveForm } from "./live-form.tsx";
import { LiveScores } from "./live-scores.tsx";
import { type LiveAction, LiveTable } from "./live-table.tsx";
import { type LiveRule, useLiveRules, useRuleChanges } from "./use-live-rules.ts";

type Open = { kind: "new" } | { kind: LiveAction; rule: LiveRule };

/** The rules that score spans as they arrive, what they have scored, and what that costs. */
export function LivePage() {
  const rules = useLiveRules();
  const { can } = useProject();
  const [open, setOpen] = useState<Open>();
  const canWrite = can("scorers:write");
  const items = rules.data?.items;
  const close = () => setOpen(undefined);
  const add = canWrite && (
    <Button kind="primary" onClick={() => setOpen({ kind: "new" })}>
      <Plus aria-hidden size={14} /> New rule
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Live scoring"
        description="Spans are scored as they arrive. The scores lie on the spans, where filters, dashboards and datasets find them."
        action={items && items.length > 0 && add}
      >
        <ScorerSubpages />
      </PageHeader>
      <div className="px-6 pt-3 pb-8 max-md:px-4">
        {rules.error && !items ? (
          <ErrorState error={rules.error} retry={() => rules.refetch()} title="The rules could not be loaded" />
        ) : items?.length === 0 ? (
          <EmptyState title="Nothing is scored as it arrives" icon={<Activity size={22} />} action={add}>
            A rule names which spans are scored, how large a share of them, by which scorers, and what that may cost a
            day.
          </EmptyState>
        ) : (
          <Section title="Rules" className="overflow-hidden">
            <LiveTable rules={items} canWrite={canWrite} onAct={(kind, rule) => setOpen({ kind, rule })} />
          </Section>
        )}
      </div>
      {open && <Opened open={open} close={close} />}
    </>
  );
}

function Opened({ open, close }: { open: Open; close: () => void }) {
  if (open.kind === "new") return <LiveForm close={close} />;
  const { kind, rule } = open;
  if (kind === "edit") return <LiveForm rule={rule} close={close} />;
  if (kind === "scores") return <LiveScores rule={rule} close={close} />;
  if (kind === "backfill") return <BackfillDialog rule={rule} close={close} />;
  return <DeleteRule rule={rule} close={close} />;
}

function DeleteRule({ rule: { ruleId, name }, close }: { rule: LiveRule; close: () => void }) {
  const { remove } = useRuleChanges();
  function confirm() {
    remove.mutate(ruleId, {
      onSuccess: () => {
        toastDone(`Deleted ${name}`);
        close();
      },
    });
  }
  return (
    <ConfirmDialog title={`Delete ${name}?`} verb="Delete" isBusy={remove.isPending} onConfirm={confirm} close={close}>
      Nothing further is scored by it. The scores that it gave stay on their spans; the reasons of those that failed go.
      To stop it for a while only, pause it.
    </ConfirmDialog>
  );
}
