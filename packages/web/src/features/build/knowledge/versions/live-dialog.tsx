import { explain } from "../../../../api.ts";
import { Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import type { Base } from "../shared/use-bases.ts";
import { useComparison, useSetLive } from "../shared/use-versions.ts";
import { ComparisonView } from "./comparison-view.tsx";

type DialogProps = { base: Base; version: number; close: () => void };

/** Asks before a version becomes live, and shows what changes for searches. */
export function LiveDialog({ base, version, close }: DialogProps) {
  const { knowledgeBaseId, liveVersion } = base;
  const setLive = useSetLive(knowledgeBaseId);
  const isBack = liveVersion !== null && version < liveVersion;
  const confirm = () =>
    setLive.mutate(version, {
      onSuccess: () => {
        toastDone(`Version ${version} is live. The next search uses it.`);
        close();
      },
    });
  return (
    <Dialog
      title={isBack ? `Roll back to version ${version}?` : `Make version ${version} live?`}
      description={effectOf(version, liveVersion)}
      close={close}
    >
      <div className="flex flex-col gap-4">
        {liveVersion !== null && <Changes knowledgeBaseId={knowledgeBaseId} from={liveVersion} to={version} />}
        {isBack && base.goesLive && <StayHint version={version} />}
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" isBusy={setLive.isPending} onClick={confirm}>
            {isBack ? "Roll back" : "Make live"}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}

const effectOf = (version: number, liveVersion: number | null) =>
  liveVersion === null
    ? "Searches find nothing until a version is live. The next search uses this one."
    : `The next search uses version ${version} instead of version ${liveVersion}.`;

const StayHint = ({ version }: { version: number }) => (
  <p className="text-pretty">
    New versions go live when they are built. To stay on version {version}, turn this off in the settings.
  </p>
);

function Changes({ knowledgeBaseId, from, to }: { knowledgeBaseId: string; from: number; to: number }) {
  const comparison = useComparison(knowledgeBaseId, { from, to });
  if (comparison.error)
    return <p className="text-muted">The changes could not be compared. {explain(comparison.error)}</p>;
  if (!comparison.data) return <Skeleton className="h-16 rounded-card" />;
  return <ComparisonView comparison={comparison.data} />;
}
