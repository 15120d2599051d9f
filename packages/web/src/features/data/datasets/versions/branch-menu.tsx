import { useNavigate } from "@tanstack/react-router";
import { ChevronDown, GitBranch, Plus } from "lucide-react";
import { useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button, buttonLook } from "../../../../components/form/button.tsx";
import { Field, TextInput } from "../../../../components/form/field.tsx";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from "../../../../components/overlay/menu.tsx";
import { useProject } from "../../../system/session/index.ts";
import type { DatasetPlace } from "../shared/use-draft.ts";
import { useBranchChanges, useBranches } from "./use-versions.ts";

/** Shows the current branch and creates new ones. */
export function BranchMenu({ place }: { place: DatasetPlace }) {
  const branches = useBranches(place.datasetId);
  const { can } = useProject();
  const navigate = useNavigate();
  const [isMaking, setIsMaking] = useState(false);
  const items = branches.data?.items ?? [];
  const canBranch = can("datasets:write") && items.some(({ version }) => version !== null);
  if (items.length < 2 && !canBranch) return null;
  // The open item and the selected version belong to the previous branch.
  const open = (name: string) => void navigate({ to: ".", search: { ...(name !== "main" && { branch: name }) } });
  const trigger = (
    <button type="button" className={buttonLook("plain")} aria-label={`Branch: ${place.branch}`}>
      <GitBranch aria-hidden size={14} className={place.branch === "main" ? "text-muted" : "text-accent"} />
      <span className="max-w-40 truncate max-sm:max-w-24">{place.branch}</span>
      <ChevronDown aria-hidden size={14} className="text-muted" />
    </button>
  );
  return (
    <>
      <Menu trigger={trigger} align="end">
        <MenuLabel>Branches</MenuLabel>
        {items.map(({ name, hasDraft }) => (
          <MenuChoice key={name} isChosen={name === place.branch} onSelect={() => open(name)}>
            <span className="[overflow-wrap:anywhere]">{name}</span>
            {hasDraft && <span className="ml-2 text-xs text-warn">draft</span>}
          </MenuChoice>
        ))}
        {canBranch && (
          <>
            <MenuLine />
            <MenuItem icon={<Plus size={14} />} onSelect={() => setIsMaking(true)}>
              New branch…
            </MenuItem>
          </>
        )}
      </Menu>
      {isMaking && <NewBranch place={place} from={place.branch} close={() => setIsMaking(false)} onMade={open} />}
    </>
  );
}

type NewProps = { place: DatasetPlace; from: string; close: () => void; onMade: (name: string) => void };

/** Creates a branch from the newest version of another branch, or from any version. */
export function NewBranch({ place, from, close, onMade }: NewProps) {
  const { create } = useBranchChanges(place.datasetId);
  const [name, setName] = useState("");
  function submit() {
    create.mutate(
      { name: name.trim(), from },
      {
        onSuccess: () => {
          toastDone(`Created branch ${name.trim()}`);
          close();
          onMade(name.trim());
        },
      },
    );
  }
  return (
    <Dialog
      title="New branch"
      description={`A copy of ${/^\d+$/.test(from) ? `version ${from}` : `the latest version of ${from}`} for separate changes. You can merge it into main after another person approves it.`}
      close={close}
      width="narrow"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        className="flex flex-col gap-4 text-base"
      >
        <Field label="Name">
          {(field) => (
            <TextInput
              {...field}
              value={name}
              onChange={({ target }) => setName(target.value)}
              required
              autoFocus
              maxLength={60}
              placeholder="fix-labels"
            />
          )}
        </Field>
        <Failure text={create.error ? explain(create.error) : undefined} />
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={create.isPending}>
            Create branch
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
