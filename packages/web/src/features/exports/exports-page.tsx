import { FileDown, Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Section } from "../../components/page.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { ExportCard } from "./export-card.tsx";
import { ExportForm } from "./export-form.tsx";
import { type ScheduledExport, useDeleteExport, useExports } from "./use-exports.ts";

type Open = { kind: "new" } | { kind: "edit"; item: ScheduledExport } | { kind: "delete"; item: ScheduledExport };

/** What is written as Parquet files every hour or day, and the files. */
export function ExportsPage() {
  const exports = useExports();
  const project = useProject();
  const [open, setOpen] = useState<Open>();
  const canWrite = project.can("forwarding:write");
  const items = exports.data?.items;
  if (exports.error && !items) return <ErrorState error={exports.error} retry={() => exports.refetch()} />;
  const close = () => setOpen(undefined);
  const add = canWrite && (
    <Button kind="primary" onClick={() => setOpen({ kind: "new" })}>
      <Plus aria-hidden size={14} /> New export
    </Button>
  );
  return (
    <>
      <Section
        title="Scheduled exports"
        description="The spans of each hour or day as Parquet files, for a warehouse or as an archive that outlives the traces."
        action={items && items.length > 0 && add}
      >
        {!items && (
          <div className="flex flex-col gap-2 px-4 pb-4">
            <Skeleton className="h-20 rounded-card" />
            <Skeleton className="h-20 rounded-card" />
          </div>
        )}
        {items?.length === 0 && (
          <EmptyState title="Nothing is exported by itself" icon={<FileDown size={22} />} action={add}>
            Add an export, and each hour or day becomes a Parquet file that DuckDB, pandas, Spark and warehouses read as
            it is.
          </EmptyState>
        )}
        {items && items.length > 0 && (
          <ul className="divide-y divide-line border-line border-t">
            {items.map((item) => (
              <ExportCard
                key={item.id}
                item={item}
                canWrite={canWrite}
                isOpenAtFirst={items.length === 1}
                onEdit={() => setOpen({ kind: "edit", item })}
                onDelete={() => setOpen({ kind: "delete", item })}
              />
            ))}
          </ul>
        )}
      </Section>
      {open?.kind === "new" && <ExportForm close={close} />}
      {open?.kind === "edit" && <ExportForm item={open.item} close={close} />}
      {open?.kind === "delete" && <DeleteExport item={open.item} close={close} />}
    </>
  );
}

function DeleteExport({ item, close }: { item: ScheduledExport; close: () => void }) {
  const remove = useDeleteExport();
  function confirm() {
    remove.mutate(item.id, {
      onSuccess: () => {
        toastDone(`Deleted ${item.name}`);
        close();
      },
    });
  }
  return (
    <ConfirmDialog
      title={`Delete ${item.name}?`}
      verb="Delete the export and its files"
      phrase={item.name}
      isBusy={remove.isPending}
      onConfirm={confirm}
      close={close}
    >
      No further files are written, and those that were written are deleted for good. Download what you want to keep
      first, or pause the export instead.
    </ConfirmDialog>
  );
}
