import { Link, useNavigate } from "@tanstack/react-router";
import { Copy, Ellipsis, GitCompare, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { buttonLook, IconButton } from "../../../../components/form/button.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { Menu, MenuItem } from "../../../../components/overlay/menu.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { ExportMenu } from "../shared/export-menu.tsx";
import { type Experiment, isActive, useExperimentChanges } from "../shared/use-experiments.ts";
import { baselineOf } from "../shared/words.ts";
import { DetailsDialog } from "./details-dialog.tsx";

/** The actions for an experiment: compare, export, duplicate, edit, delete. */
export function ExperimentActions({ experiment }: { experiment: Experiment }) {
  const { can } = useProject();
  const navigate = useNavigate();
  const { remove } = useExperimentChanges();
  const [dialog, setDialog] = useState<"none" | "details" | "delete">("none");
  const { experimentId, name, runs } = experiment;
  const base = baselineOf(experiment);
  const heads = runs.filter((run) => run !== base).map(({ runId }) => runId);
  const again = () => void navigate({ to: "/experiments/new", search: { from: experimentId } });
  const close = () => setDialog("none");
  return (
    <>
      <ExportMenu runs={runs} base={base} />
      {can("experiments:write") && (
        <Menu
          align="end"
          trigger={
            <IconButton label="Experiment actions">
              <Ellipsis size={16} />
            </IconButton>
          }
        >
          <MenuItem icon={<Copy size={14} />} onSelect={again}>
            Duplicate…
          </MenuItem>
          <MenuItem icon={<Pencil size={14} />} onSelect={() => setDialog("details")}>
            Edit…
          </MenuItem>
          <MenuItem
            icon={<Trash2 size={14} />}
            onSelect={() => setDialog("delete")}
            isDanger
            isDisabled={isActive(experiment)}
          >
            Delete…
          </MenuItem>
        </Menu>
      )}
      <Link
        to="/experiments/compare"
        search={{ base: base?.runId, heads: heads.join(",") || undefined }}
        className={buttonLook("primary")}
      >
        <GitCompare aria-hidden size={14} /> Compare
      </Link>
      {dialog === "details" && <DetailsDialog experiment={experiment} close={close} />}
      {dialog === "delete" && (
        <ConfirmDialog
          title={`Delete ${name}?`}
          verb="Delete"
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate(experimentId, { onSuccess: () => void navigate({ to: "/experiments" }) })}
          close={close}
        >
          This deletes its {formatCount(runs.reduce((sum, run) => sum + run.answers, 0))} answers with their scores. The
          dataset, the prompts and the traces stay.
        </ConfirmDialog>
      )}
    </>
  );
}
