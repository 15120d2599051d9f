import { Link, useNavigate } from "@tanstack/react-router";
import { Copy, Ellipsis, GitCompare, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { buttonLook, IconButton } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { formatCount } from "../../components/format.ts";
import { Menu, MenuItem } from "../../components/menu.tsx";
import { useProject } from "../session/index.ts";
import { DetailsDialog } from "./details-dialog.tsx";
import { ExportMenu } from "./export-menu.tsx";
import { type Experiment, isActive, useExperimentChanges } from "./use-experiments.ts";
import { baselineOf } from "./words.ts";

/** What can be done with an experiment: compare, save, run it again changed, rename, delete. */
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
            <IconButton label="More for this experiment">
              <Ellipsis size={16} />
            </IconButton>
          }
        >
          <MenuItem icon={<Copy size={14} />} onSelect={again}>
            Run again, changed…
          </MenuItem>
          <MenuItem icon={<Pencil size={14} />} onSelect={() => setDialog("details")}>
            Rename…
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
          Its {formatCount(runs.reduce((sum, run) => sum + run.answers, 0))} answers and their scores go with it. The
          dataset, the prompts and the traces stay.
        </ConfirmDialog>
      )}
    </>
  );
}
