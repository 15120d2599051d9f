import { useNavigate } from "@tanstack/react-router";
import { Database, SearchX } from "lucide-react";
import { Button } from "../../components/button.tsx";
import { formatCount } from "../../components/format.ts";
import { EmptyState } from "../../components/states.tsx";
import type { ItemsSearch } from "./dataset-search.ts";
import type { DatasetPlace } from "./use-draft.ts";

type EmptyProps = {
  place: DatasetPlace;
  head: { rows: number; searchedRows: number };
  filter: string;
  from: number;
  canEdit: boolean;
  change: (next: ItemsSearch) => void;
};

/** Why no item is shown, and what leads to one. */
export function ItemsEmpty({ place, head, filter, from, canEdit, change }: EmptyProps) {
  const navigate = useNavigate();
  if (filter !== "")
    return (
      <EmptyState
        title="No item matches"
        icon={<SearchX size={22} />}
        action={<Button onClick={() => change({ filter: undefined })}>Show all items</Button>}
      >
        {head.searchedRows < head.rows
          ? `${formatCount(head.rows - head.searchedRows)} items are still being indexed and could not be searched yet.`
          : "Take a condition away."}
      </EmptyState>
    );
  if (from > 0)
    return (
      <EmptyState
        title="The list ends before"
        action={<Button onClick={() => change({ from: undefined })}>Back to the first</Button>}
      >
        There are {formatCount(head.rows)} items.
      </EmptyState>
    );
  return (
    <EmptyState
      title="No item yet"
      icon={<Database size={22} />}
      code={canEdit ? `treadle dataset import FILE --dataset ${place.datasetId}` : ""}
      action={
        canEdit && (
          <>
            <Button
              kind="primary"
              onClick={() =>
                void navigate({ to: "/datasets/$datasetId/import", params: { datasetId: place.datasetId } })
              }
            >
              Import a file
            </Button>
            <Button onClick={() => change({ add: "traces" })}>From traces</Button>
            <Button onClick={() => change({ add: "hand" })}>Write one</Button>
          </>
        )
      }
    >
      {canEdit
        ? "Items come from a file, from traces, or by hand. They are a draft until you commit them as a version."
        : "Nobody has put anything into this dataset."}
    </EmptyState>
  );
}
