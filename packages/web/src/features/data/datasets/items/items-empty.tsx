import { useNavigate } from "@tanstack/react-router";
import { Database, SearchX } from "lucide-react";
import { EmptyState } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import type { ItemsSearch } from "../shared/dataset-search.ts";
import type { DatasetPlace } from "../shared/use-draft.ts";

type EmptyProps = {
  place: DatasetPlace;
  head: { rows: number; searchedRows: number };
  filter: string;
  from: number;
  canEdit: boolean;
  change: (next: ItemsSearch) => void;
};

/** Explains why no item is shown, and offers a way to add or find items. */
export function ItemsEmpty({ place, head, filter, from, canEdit, change }: EmptyProps) {
  const navigate = useNavigate();
  if (filter !== "")
    return (
      <EmptyState
        title="No matching items"
        icon={<SearchX size={22} />}
        action={<Button onClick={() => change({ filter: undefined })}>Show all items</Button>}
      >
        {head.searchedRows < head.rows
          ? `${formatCount(head.rows - head.searchedRows)} items are still being indexed and are not searched yet.`
          : "Remove a condition."}
      </EmptyState>
    );
  if (from > 0)
    return (
      <EmptyState
        title="No items from position"
        action={<Button onClick={() => change({ from: undefined })}>Back to first item</Button>}
      >
        The list has {formatCount(head.rows)} items.
      </EmptyState>
    );
  return (
    <EmptyState
      title="No items yet"
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
              Import file
            </Button>
            <Button onClick={() => change({ add: "traces" })}>Add from traces</Button>
            <Button onClick={() => change({ add: "hand" })}>Add item</Button>
          </>
        )
      }
    >
      {canEdit
        ? "Import a file, add traces, or enter items by hand. The items are a draft until you commit them as a version."
        : "This dataset has no items."}
    </EmptyState>
  );
}
