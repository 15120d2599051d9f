import { useNavigate } from "@tanstack/react-router";
import { SearchCode } from "lucide-react";
import { Button } from "../../../../components/form/button.tsx";
import { useProject } from "../../../system/session/index.ts";
import type { HeadComparison } from "../shared/use-runs.ts";
import { useBisectChanges } from "./use-bisects.ts";

/** Starts a search for the change that lowered a score. Hidden if no score is significantly worse. */
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
      title={`Find the change between the two runs that lowered “${fallen.name}”`}
      onClick={() =>
        start.mutate(
          { good, bad: head.run.runId, scorer: fallen.scorer },
          {
            onSuccess: ({ bisectId }) => void navigate({ to: "/experiments/bisects/$bisectId", params: { bisectId } }),
          },
        )
      }
    >
      <SearchCode aria-hidden size={14} /> Find change
    </Button>
  );
}
