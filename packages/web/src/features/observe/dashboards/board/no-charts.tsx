import { ChartLine, Plus } from "lucide-react";
import { EmptyState } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";

/** A dashboard before its first chart. */
export function NoCharts({ canEdit, onAdd }: { canEdit: boolean; onAdd: () => void }) {
  return (
    <EmptyState
      title="No charts yet"
      icon={<ChartLine size={22} />}
      action={
        canEdit && (
          <Button kind="primary" onClick={onAdd}>
            <Plus aria-hidden size={14} /> Add chart
          </Button>
        )
      }
    >
      A chart shows any measure of spans, such as cost or latency, over time or by model, user, tag or metadata key.
    </EmptyState>
  );
}
