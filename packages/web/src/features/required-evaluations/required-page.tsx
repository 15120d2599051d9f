import { Link } from "@tanstack/react-router";
import { ClipboardCheck, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { formatAgo, formatExactTime } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useDatasetChoices } from "../choices/index.ts";
import { useProject } from "../session/index.ts";
import { RequiredForm } from "./required-form.tsx";
import { type Required, useRequired, useRequiredChanges } from "./use-required.ts";

/** What every trained model is measured on beside its base, so that what it unlearns is seen. */
export function RequiredEvaluationsPage() {
  const list = useRequired();
  const { can } = useProject();
  const [isAdding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<Required>();
  const canWrite = can("experiments:write");
  const items = list.data;
  if (list.error && !items) return <ErrorState error={list.error} retry={() => list.refetch()} />;
  if (isAdding) return <RequiredForm close={() => setAdding(false)} />;
  const add = canWrite && (
    <Button kind="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden size={14} /> Require an evaluation
    </Button>
  );
  return (
    <>
      <Section
        title="Required evaluations"
        description="After each training the new version is measured beside its base on what was held out, and on each of these. The verdict stands on the version; worse on one is worse."
        action={items && items.length > 0 && add}
      >
        {!items && <Skeleton className="mx-4 mb-4 h-24 rounded-card" />}
        {items?.length === 0 && (
          <EmptyState title="Nothing is required yet" icon={<ClipboardCheck size={22} />} action={add}>
            A version is measured on what its data held out, and on nothing else: what it unlearnt elsewhere is not
            seen. Require a set of general questions, or of what must never break.
          </EmptyState>
        )}
        {items && items.length > 0 && (
          <ul aria-label="Required evaluations" className="divide-y divide-line border-line border-t">
            {items.map((item) => (
              <Row
                key={item.requiredEvaluationId}
                item={item}
                onRemove={canWrite ? () => setLeaving(item) : undefined}
              />
            ))}
          </ul>
        )}
      </Section>
      {leaving && <Removing item={leaving} close={() => setLeaving(undefined)} />}
    </>
  );
}

function Row({ item, onRemove }: { item: Required; onRemove: (() => void) | undefined }) {
  const { name, dataset, scorers, margin, messages, createdBy, createdAt } = item;
  const datasets = useDatasetChoices();
  const known = datasets.data?.find(({ datasetId }) => datasetId === dataset.datasetId);
  const words = [
    dataset.version === "main" ? "newest version" : `version ${dataset.version}`,
    dataset.split && `split ${dataset.split}`,
    dataset.filter,
    dataset.limit !== null && `${dataset.limit} items at most`,
    messages && "messages of its own",
  ];
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <div className="min-w-0 grow [overflow-wrap:anywhere]">
        <p className="font-medium">{name}</p>
        <p className="text-muted">
          {known || !datasets.data ? (
            <Link
              to="/datasets/$datasetId"
              params={{ datasetId: dataset.datasetId }}
              className="text-text underline decoration-line-strong underline-offset-2 hover:decoration-current"
            >
              {known?.name ?? dataset.datasetId}
            </Link>
          ) : (
            <span className="text-warn">a dataset that was deleted; remove this evaluation</span>
          )}
          , {words.filter(Boolean).join(", ")}
        </p>
        <p className="text-muted">
          Scored by {scorers.map((one) => ("kind" in one ? (one.name ?? one.kind) : one.scorer)).join(", ")}; a
          difference within {Number((margin * 100).toFixed(2))} % does not matter.
        </p>
        <p className="text-xs text-muted">
          Since{" "}
          <time dateTime={createdAt} title={formatExactTime(createdAt)}>
            {formatAgo(createdAt)}
          </time>{" "}
          by {createdBy}
        </p>
      </div>
      {onRemove && (
        <IconButton label={`Remove ${name}`} onClick={onRemove}>
          <Trash2 size={14} />
        </IconButton>
      )}
    </li>
  );
}

function Removing({ item, close }: { item: Required; close: () => void }) {
  const { remove } = useRequiredChanges();
  return (
    <ConfirmDialog
      title={`Require ${item.name} no longer?`}
      verb="Remove"
      isBusy={remove.isPending}
      onConfirm={() =>
        remove.mutate(item.requiredEvaluationId, {
          onSuccess: () => {
            toastDone(`New versions are measured on ${item.name} no longer`);
            close();
          },
        })
      }
      close={close}
    >
      Versions that come from now on are not measured on it. Verdicts that were given, and their experiments, stay.
    </ConfirmDialog>
  );
}
