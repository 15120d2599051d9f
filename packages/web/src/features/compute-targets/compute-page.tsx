import { Plus, Server } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Section } from "../../components/page.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { TargetCard } from "./target-card.tsx";
import { TargetForm } from "./target-form.tsx";
import { type ComputeTarget, useComputeTargets, useDeleteComputeTarget } from "./use-compute-targets.ts";

type Open = { kind: "new" } | { kind: "edit"; target: ComputeTarget } | { kind: "delete"; target: ComputeTarget };

/** The places elsewhere that the project's training runs can be sent to. */
export function ComputePage() {
  const targets = useComputeTargets();
  const project = useProject();
  const [open, setOpen] = useState<Open>();
  const canWrite = project.can("compute:write");
  const items = targets.data?.items;
  if (targets.error && !items)
    return (
      <ErrorState
        error={targets.error}
        retry={() => targets.refetch()}
        title="The compute targets could not be loaded"
      />
    );
  const close = () => setOpen(undefined);
  const add = canWrite && (
    <Button kind="primary" onClick={() => setOpen({ kind: "new" })}>
      <Plus aria-hidden size={14} /> New compute target
    </Button>
  );
  return (
    <>
      <Section
        title="Compute"
        description="Clusters that training runs of this project can be sent to. They share a folder with this server."
        action={items && items.length > 0 && add}
      >
        {!items && (
          <div className="flex flex-col gap-2 px-4 pb-4">
            <Skeleton className="h-16 rounded-card" />
            <Skeleton className="h-16 rounded-card" />
          </div>
        )}
        {items?.length === 0 && (
          <EmptyState title="Models are trained on this machine" icon={<Server size={22} />} action={add}>
            Add a cluster, and a training run can be sent there instead: the form of a new run then offers it.
          </EmptyState>
        )}
        {items && items.length > 0 && (
          <ul className="divide-y divide-line border-line border-t">
            {items.map((target) => (
              <TargetCard
                key={target.computeTargetId}
                target={target}
                canWrite={canWrite}
                onEdit={() => setOpen({ kind: "edit", target })}
                onDelete={() => setOpen({ kind: "delete", target })}
              />
            ))}
          </ul>
        )}
      </Section>
      {open?.kind === "new" && <TargetForm close={close} />}
      {open?.kind === "edit" && <TargetForm target={open.target} close={close} />}
      {open?.kind === "delete" && <DeleteTarget target={open.target} close={close} />}
    </>
  );
}

function DeleteTarget({ target, close }: { target: ComputeTarget; close: () => void }) {
  const remove = useDeleteComputeTarget();
  function confirm() {
    remove.mutate(target.computeTargetId, {
      onSuccess: () => {
        toastDone(`Deleted ${target.name}`);
        close();
      },
    });
  }
  return (
    <ConfirmDialog
      title={`Delete ${target.name}?`}
      verb="Delete the compute target"
      isBusy={remove.isPending}
      onConfirm={confirm}
      close={close}
    >
      No run can be sent to <code className="text-xs break-all">{target.url}</code> any more, and its token is gone for
      good. Runs that were made there, and their models, stay.
    </ConfirmDialog>
  );
}
