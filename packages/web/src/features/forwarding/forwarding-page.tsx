import { Forward, Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Section } from "../../components/page.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { ForwarderCard } from "./forwarder-card.tsx";
import { ForwarderForm } from "./forwarder-form.tsx";
import { type Forwarder, useDeleteForwarder, useForwarders } from "./use-forwarders.ts";

type Open = { kind: "new" } | { kind: "edit"; forwarder: Forwarder } | { kind: "delete"; forwarder: Forwarder };

/** The places that the project's spans are sent on to. */
export function ForwardingPage() {
  const forwarders = useForwarders();
  const project = useProject();
  const [open, setOpen] = useState<Open>();
  const canWrite = project.can("forwarding:write");
  const items = forwarders.data?.items;
  if (forwarders.error && !items)
    return (
      <ErrorState
        error={forwarders.error}
        retry={() => forwarders.refetch()}
        title="The forwarders could not be loaded"
      />
    );
  const close = () => setOpen(undefined);
  const add = canWrite && (
    <Button kind="primary" onClick={() => setOpen({ kind: "new" })}>
      <Plus aria-hidden size={14} /> New forwarder
    </Button>
  );
  return (
    <>
      <Section
        title="Forwarding"
        description="Spans of this project also go to these OpenTelemetry receivers, in order and at least once."
        action={items && items.length > 0 && add}
      >
        {!items && (
          <div className="flex flex-col gap-2 px-4 pb-4">
            <Skeleton className="h-16 rounded-card" />
            <Skeleton className="h-16 rounded-card" />
          </div>
        )}
        {items?.length === 0 && (
          <EmptyState title="Spans stay here" icon={<Forward size={22} />} action={add}>
            Add a collector, another observability product or another Treadle, and what comes in here goes there too.
          </EmptyState>
        )}
        {items && items.length > 0 && (
          <ul className="divide-y divide-line border-line border-t">
            {items.map((forwarder) => (
              <ForwarderCard
                key={forwarder.id}
                forwarder={forwarder}
                canWrite={canWrite}
                onEdit={() => setOpen({ kind: "edit", forwarder })}
                onDelete={() => setOpen({ kind: "delete", forwarder })}
              />
            ))}
          </ul>
        )}
      </Section>
      {open?.kind === "new" && <ForwarderForm close={close} />}
      {open?.kind === "edit" && <ForwarderForm forwarder={open.forwarder} close={close} />}
      {open?.kind === "delete" && <DeleteForwarder forwarder={open.forwarder} close={close} />}
    </>
  );
}

function DeleteForwarder({ forwarder, close }: { forwarder: Forwarder; close: () => void }) {
  const remove = useDeleteForwarder();
  function confirm() {
    remove.mutate(forwarder.id, {
      onSuccess: () => {
        toastDone(`Deleted ${forwarder.name}`);
        close();
      },
    });
  }
  return (
    <ConfirmDialog
      title={`Delete ${forwarder.name}?`}
      verb="Delete the forwarder"
      isBusy={remove.isPending}
      onConfirm={confirm}
      close={close}
    >
      Nothing more is sent to <code className="text-xs break-all">{forwarder.url}</code>, and its headers are gone for
      good. What was sent stays there.
    </ConfirmDialog>
  );
}
