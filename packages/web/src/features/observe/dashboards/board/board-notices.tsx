import { useQueryClient } from "@tanstack/react-query";
import { CircleAlert, PencilLine } from "lucide-react";
import type { ReactNode } from "react";
import { explain } from "../../../../api.ts";
import { Button } from "../../../../components/form/button.tsx";
import { formatExactTime } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { type Dashboard, useDashboardChanges } from "../shared/use-dashboards.ts";
import type { DraftState } from "./use-draft.ts";

/** Shown when another user saved in the meantime: who saved, and how to keep both versions. */
export function ConflictNotice({ dashboard, state }: { dashboard: Dashboard; state: DraftState }) {
  const { id } = useProject();
  const queries = useQueryClient();
  const { create } = useDashboardChanges();
  const { name, description, charts } = state.draft;
  const saveCopy = () =>
    create.mutate(
      { name: `${name.slice(0, 112)} (mine)`, description, charts },
      { onSuccess: () => void state.discard() },
    );
  // The notice may come from a refused save, before the newer version was loaded.
  const isKnown = dashboard.version !== state.draft.version;
  return (
    <Notice
      icon={<CircleAlert aria-hidden size={16} className="mt-0.5 shrink-0 text-warn" />}
      actions={
        <>
          <Button size="small" onClick={saveCopy} isBusy={create.isPending}>
            Save mine as a copy
          </Button>
          <Button
            size="small"
            onClick={async () => {
              await queries.invalidateQueries({ queryKey: ["dashboard", id, dashboard.dashboardId] });
              await state.discard();
            }}
          >
            Discard mine, show theirs
          </Button>
        </>
      }
    >
      <p className="font-medium">Someone else changed this dashboard</p>
      <p className="text-muted">
        {isKnown
          ? `${dashboard.updatedBy} saved it at ${formatExactTime(dashboard.updatedAt)}. Your changes are still here, but saving them would overwrite theirs.`
          : explain(state.save.error)}
      </p>
      {create.error && <p className="text-bad">{explain(create.error)}</p>}
    </Notice>
  );
}

/** Unsaved changes from an earlier visit. */
export function UnsavedNotice({ state, onEdit }: { state: DraftState; onEdit: () => void }) {
  return (
    <Notice
      icon={<PencilLine aria-hidden size={16} className="mt-0.5 shrink-0 text-muted" />}
      actions={
        <>
          <Button size="small" onClick={onEdit}>
            Continue editing
          </Button>
          <Button size="small" kind="quiet" onClick={() => void state.discard()}>
            Discard
          </Button>
        </>
      }
    >
      <p>You have unsaved changes. The dashboard below is the saved version.</p>
    </Notice>
  );
}

function Notice({ icon, actions, children }: { icon: ReactNode; actions: ReactNode; children: ReactNode }) {
  return (
    <div role="status" className="card flex flex-wrap items-start gap-x-3 gap-y-2 border-line-strong px-4 py-3">
      {icon}
      <div className="min-w-48 grow basis-72 self-center text-pretty">{children}</div>
      <div className="flex flex-wrap gap-2">{actions}</div>
    </div>
  );
}
