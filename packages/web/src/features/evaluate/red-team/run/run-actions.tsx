import { Link, useNavigate } from "@tanstack/react-router";
import { Download, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, buttonLook } from "../../../../components/form/button.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { Menu, MenuItem } from "../../../../components/overlay/menu.tsx";
import { useProject } from "../../../system/session/index.ts";
import { isActive, type RedTeamRun, useExportReport, useRedTeamChanges } from "../shared/use-red-team.ts";

/** Export, the experiment, and deletion. */
export function RunActions({ run }: { run: RedTeamRun }) {
  const { redTeamRunId, experimentId, answers } = run;
  const save = useExportReport();
  return (
    <>
      {experimentId !== null && (
        <Link to="/experiments/$experimentId" params={{ experimentId }} className={buttonLook("plain")}>
          Open experiment
        </Link>
      )}
      {answers > 0 && (
        <Menu
          align="end"
          trigger={
            <button type="button" className={buttonLook("plain")} aria-busy={save.isPending || undefined}>
              <Download aria-hidden size={14} className="text-muted" /> Export
            </button>
          }
        >
          <MenuItem onSelect={() => save.mutate({ redTeamRunId, format: "markdown" })}>Markdown</MenuItem>
          <MenuItem onSelect={() => save.mutate({ redTeamRunId, format: "json" })}>JSON</MenuItem>
        </Menu>
      )}
      <DeleteRun run={run} />
    </>
  );
}

function DeleteRun({ run }: { run: RedTeamRun }) {
  const navigate = useNavigate();
  const { can } = useProject();
  const { remove } = useRedTeamChanges();
  const [isOpen, setIsOpen] = useState(false);
  if (!can("experiments:write") || isActive(run)) return null;
  return (
    <>
      <Button kind="danger" onClick={() => setIsOpen(true)}>
        <Trash2 aria-hidden size={14} /> Delete
      </Button>
      {isOpen && (
        <ConfirmDialog
          title={`Delete ${run.name}?`}
          verb="Delete"
          isBusy={remove.isPending}
          close={() => setIsOpen(false)}
          onConfirm={() => remove.mutate(run.redTeamRunId, { onSuccess: () => void navigate({ to: "/red-team" }) })}
        >
          Its attacks, answers and scores are deleted too. The traces of its calls remain.
        </ConfirmDialog>
      )}
    </>
  );
}
