import { useNavigate } from "@tanstack/react-router";
import { ChevronDown, GitBranch, Plus } from "lucide-react";
import { useState } from "react";
import { explain } from "../../api.ts";
import { Button, buttonLook } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, TextInput } from "../../components/field.tsx";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from "../../components/menu.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import type { DatasetPlace } from "./use-draft.ts";
import { useBranchChanges, useBranches } from "./use-versions.ts";

/** Which branch is worked on, and a way to make one. */
export function BranchMenu({ place }: { place: DatasetPlace }) {
  const branches = useBranches(place.datasetId);
  const { can } = useProject();
  const navigate = useNavigate();
  const [isMaking, setIsMaking] = useState(false);
  const items = branches.data?.items ?? [];
  const canBranch = can("datasets:write") && items.some(({ version }) => version !== null);
  if (items.length < 2 && !canBranch) return null;
  // The open item and the version in sight belong to the branch that is left.
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

/** Makes a branch from the newest version of another, or from any version. */
export function NewBranch({ place, from, close, onMade }: NewProps) {
  const { create } = useBranchChanges(place.datasetId);
  const [name, setName] = useState("");
  function submit() {
    create.mutate(
      { name: name.trim(), from },
      {
        onSuccess: () => {
          toastDone(`Made the branch ${name.trim()}`);
          close();
          onMade(name.trim());
        },
      },
    );
  }
  return (
    <Dialog
      title="New branch"
      description={`Work beside main, from ${/^\d+$/.test(from) ? `version ${from}` : `the newest version of ${from}`} on. It is merged after somebody has approved it.`}
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
            Make the branch
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
