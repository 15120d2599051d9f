import { ChartLine, Plus } from "lucide-react";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/states.tsx";

/** A dashboard before its first chart. */
export function NoCharts({ canEdit, onAdd }: { canEdit: boolean; onAdd: () => void }) {
  return (
    <EmptyState
      title="No chart yet"
      icon={<ChartLine size={22} />}
      action={
        canEdit && (
          <Button kind="primary" onClick={onAdd}>
            <Plus aria-hidden size={14} /> Add a chart
          </Button>
        )
      }
    >
      A chart shows any measure of spans, such as cost or latency, over time or by model, user, tag or a key of the
      metadata.
    </EmptyState>
  );
}
