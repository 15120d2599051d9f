import { useState } from "react";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import { useProject } from "../../../system/session/index.ts";
import type { LiveRule } from "../use-live-rules.ts";
import { AgreementForm } from "./agreement-form.tsx";
import { AgreementPanel } from "./agreement-panel.tsx";
import { type Agreement, useAgreementChanges, useAgreements } from "./use-agreements.ts";

type DialogProps = { rule: LiveRule; close: () => void };

/** How well the judges of a rule agree with people, over time. */
export function AgreementDialog({ rule, close }: DialogProps) {
  const agreements = useAgreements(rule.ruleId);
  const items = agreements.data?.items;
  return (
    <Dialog
      title={`Agreement of ${rule.name} with people`}
      description="Compares the rule's scores with human scores of the same spans every day. An incident opens if they disagree more often than before."
      close={close}
      width="wide"
    >
      {agreements.error && !items && (
        <ErrorState
          error={agreements.error}
          retry={() => agreements.refetch()}
          title="The agreement could not be loaded"
        />
      )}
      {!agreements.error && !items && <Skeleton className="h-52 rounded-card" />}
      {items && <Agreements rule={rule} items={items} />}
    </Dialog>
  );
}

/** The compared scores, and the form for another one. */
function Agreements({ rule, items }: { rule: LiveRule; items: readonly Agreement[] }) {
  const canWrite = useProject().can("scorers:write");
  const [deleted, setDeleted] = useState<Agreement>();
  const free = rule.scoreNames.filter((name) => items.every(({ score }) => score !== name));
  return (
    <div className="flex flex-col gap-8">
      {items.map((agreement) => (
        <AgreementPanel
          key={agreement.agreementId}
          agreement={agreement}
          canWrite={canWrite}
          onDelete={() => setDeleted(agreement)}
        />
      ))}
      {free.length > 0 && canWrite && <AgreementForm key={free[0]} rule={rule} scores={free} />}
      {items.length === 0 && !canWrite && <p className="text-muted">No score of this rule is compared with people.</p>}
      {deleted && <Deletion agreement={deleted} close={() => setDeleted(undefined)} />}
    </div>
  );
}

function Deletion({ agreement, close }: { agreement: Agreement; close: () => void }) {
  const { remove } = useAgreementChanges(agreement.ruleId);
  const onSuccess = () => {
    toastDone(`Stopped comparing ${agreement.score}`);
    close();
  };
  return (
    <ConfirmDialog
      title={`Stop comparing ${agreement.score} with people?`}
      verb="Stop"
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate(agreement.agreementId, { onSuccess })}
      close={close}
    >
      The history of this agreement is deleted, and its incident is resolved. The scores stay on their spans.
    </ConfirmDialog>
  );
}
