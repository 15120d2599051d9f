import { FileDown } from "lucide-react";
import { CardRows, SettingsCollection } from "../../../components/layout/settings-collection.tsx";
import { useProject } from "../../system/session/index.ts";
import { ExportCard } from "./export-card.tsx";
import { ExportForm } from "./export-form.tsx";
import { type ScheduledExport, useDeleteExport, useExports } from "./use-exports.ts";

/** What is written as Parquet files every hour or day, and the files. */
export function ExportsPage() {
  const exports = useExports();
  const remove = useDeleteExport();
  const canWrite = useProject().can("exports:write");
  return (
    <SettingsCollection
      title="Scheduled exports"
      description="Writes the spans of each hour or day to Parquet files, for a data warehouse or a long-term archive."
      query={exports}
      items={exports.data?.items}
      canWrite={canWrite}
      newLabel="New export"
      empty={{
        title: "No scheduled exports",
        icon: <FileDown size={22} />,
        words:
          "Add an export to write one Parquet file per hour or day. DuckDB, pandas, Spark and data warehouses can read the files.",
      }}
      list={(items, open) => (
        <CardRows items={items} skeletons={["h-20", "h-20"]}>
          {(item) => (
            <ExportCard
              key={item.scheduledExportId}
              item={item}
              canWrite={canWrite}
              isOpenAtFirst={items?.length === 1}
              onEdit={() => open("edit", item)}
              onDelete={() => open("delete", item)}
            />
          )}
        </CardRows>
      )}
      form={(item, close) => <ExportForm item={item} close={close} />}
      remove={{ mutation: remove, ask: removalOf }}
    />
  );
}

const removalOf = ({ scheduledExportId, name }: ScheduledExport) => ({
  id: scheduledExportId,
  title: `Delete ${name}?`,
  verb: "Delete export and files",
  done: `Deleted ${name}`,
  phrase: name,
  words:
    "This stops the export and permanently deletes its files. Download the files you need first, or pause the export instead.",
});
