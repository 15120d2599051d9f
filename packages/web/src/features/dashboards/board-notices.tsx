import { useQueryClient } from "@tanstack/react-query";
import { CircleAlert, PencilLine } from "lucide-react";
import type { ReactNode } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { formatExactTime } from "../../components/format.ts";
import { useProject } from "../session/index.ts";
import { type Dashboard, useDashboardChanges } from "./use-dashboards.ts";
import type { DraftState } from "./use-draft.ts";

/** Somebody saved meanwhile: whose version is it, and what can be done without losing either. */
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
              await queries.invalidateQueries({ queryKey: ["dashboard", id, dashboard.id] });
              await state.discard();
            }}
          >
            Show theirs, drop mine
          </Button>
        </>
      }
    >
      <p className="font-medium">Somebody else has changed this dashboard meanwhile</p>
      <p className="text-muted">
        {isKnown
          ? `${dashboard.updatedBy} saved it at ${formatExactTime(dashboard.updatedAt)}. Your changes are kept here, but saving them would undo theirs.`
          : explain(state.save.error)}
      </p>
      {create.error && <p className="text-bad">{explain(create.error)}</p>}
    </Notice>
  );
}

/** What was left unsaved at an earlier visit. */
export function UnsavedNotice({ state, onEdit }: { state: DraftState; onEdit: () => void }) {
  return (
    <Notice
      icon={<PencilLine aria-hidden size={16} className="mt-0.5 shrink-0 text-muted" />}
      actions={
        <>
          <Button size="small" onClick={onEdit}>
            Go on editing
          </Button>
          <Button size="small" kind="quiet" onClick={() => void state.discard()}>
            Drop them
          </Button>
        </>
      }
    >
      <p>You have changes here that are not saved. Below is the dashboard as everybody sees it.</p>
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
