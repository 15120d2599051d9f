import { useNavigate } from "@tanstack/react-router";
import { SearchCode } from "lucide-react";
import { Button } from "../../components/button.tsx";
import { useProject } from "../session/index.ts";
import { useBisectChanges } from "./use-bisects.ts";
import type { HeadComparison } from "./use-runs.ts";

/** Where a score of a run fell: looks for the change that did it. Nothing where none is worse beyond chance. */
export function FindChange({ good, head }: { good: string; head: HeadComparison }) {
  const { can } = useProject();
  const navigate = useNavigate();
  const { start } = useBisectChanges();
  const fallen = head.scorers.find(({ verdict }) => verdict === "worse");
  if (!fallen || !can("experiments:write")) return null;
  return (
    <Button
      size="small"
      isBusy={start.isPending}
      title={`Find which of the changes between the two made "${fallen.name}" fall`}
      onClick={() =>
        start.mutate(
          { good, bad: head.run.runId, scorer: fallen.scorer },
          {
            onSuccess: ({ bisectId }) => void navigate({ to: "/experiments/bisects/$bisectId", params: { bisectId } }),
          },
        )
      }
    >
      <SearchCode aria-hidden size={14} /> Find the change
    </Button>
  );
}
