import { useNavigate } from "@tanstack/react-router";
import {
  Archive,
  ArchiveRestore,
  Code,
  Ellipsis,
  ListTree,
  Lock,
  MessagesSquare,
  Pencil,
  Tags,
  Trash2,
  TrendingUp,
} from "lucide-react";
import { useState } from "react";
import { printKeys } from "../../../../components/browser/keys.ts";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Menu, MenuItem, MenuLine } from "../../../../components/overlay/menu.tsx";
import { useProject } from "../../../system/session/index.ts";
import { openVersion } from "../shared/prompt-code.ts";
import { useOpenPlayground } from "../shared/use-playground.ts";
import { usePromptChanges } from "../shared/use-prompt-changes.ts";
import { type Prompt, useVersion } from "../shared/use-prompts.ts";
import { CodeDialog } from "./code-dialog.tsx";
import { DeletePrompt } from "./delete-prompt.tsx";
import { DetailsDialog } from "./details-dialog.tsx";
import { ProtectDialog } from "./protect-dialog.tsx";

type ActionsProps = { prompt: Prompt; version: number; edit: (() => void) | undefined };
type Open = "none" | "code" | "details" | "protect" | "delete";

/** What can be done with a prompt, and with the version that is shown. */
export function PromptActions({ prompt, version, edit }: ActionsProps) {
  const [open, setOpen] = useState<Open>("none");
  const close = () => setOpen("none");
  const navigate = useNavigate();
  return (
    <>
      <Button onClick={() => setOpen("code")}>
        <Code aria-hidden size={14} /> Use in code
      </Button>
      {edit && (
        <Button kind="primary" onClick={edit} title={`Create a new version (${printKeys("e")})`}>
          <Pencil aria-hidden size={14} /> Edit
        </Button>
      )}
      <MoreMenu prompt={prompt} version={version} onOpen={setOpen} />
      {open === "code" && <CodeDialog prompt={prompt} version={version} close={close} />}
      {open === "details" && <DetailsDialog prompt={prompt} close={close} />}
      {open === "protect" && <ProtectDialog prompt={prompt} close={close} />}
      {open === "delete" && (
        <DeletePrompt prompt={prompt} close={close} onDeleted={() => void navigate({ to: "/prompts" })} />
      )}
    </>
  );
}

type MoreProps = { prompt: Prompt; version: number; onOpen: (what: Open) => void };

function MoreMenu({ prompt, version, onOpen }: MoreProps) {
  const { can } = useProject();
  const navigate = useNavigate();
  const { archive, restore } = usePromptChanges(prompt.name);
  const { data } = useVersion(prompt.name, version);
  const openPlayground = useOpenPlayground();
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`Actions for ${prompt.name}`} className="border border-line-strong bg-panel">
          <Ellipsis size={16} />
        </IconButton>
      }
    >
      {can("gateway:use") && (
        <MenuItem
          icon={<MessagesSquare size={14} />}
          isDisabled={!data}
          onSelect={() => data && openPlayground(openVersion(data))}
        >
          Open in playground
        </MenuItem>
      )}
      {can("experiments:write") && (
        <MenuItem
          icon={<TrendingUp size={14} />}
          onSelect={() =>
            void navigate({ to: "/optimisations/new", search: { prompt: prompt.name, version: String(version) } })
          }
        >
          Optimise…
        </MenuItem>
      )}
      <MenuItem
        icon={<ListTree size={14} />}
        onSelect={() =>
          void navigate({
            to: "/traces",
            search: { view: "spans", range: "30d", filter: `prompt:${JSON.stringify(prompt.name)}` },
          })
        }
      >
        View calls
      </MenuItem>
      {can("prompts:write") && (
        <MenuItem icon={<Tags size={14} />} onSelect={() => onOpen("details")}>
          Edit description and tags
        </MenuItem>
      )}
      {can("prompts:protect") && (
        <MenuItem icon={<Lock size={14} />} onSelect={() => onOpen("protect")}>
          Protect labels
        </MenuItem>
      )}
      {can("prompts:write") && (
        <>
          <MenuLine />
          {prompt.isArchived ? (
            <MenuItem icon={<ArchiveRestore size={14} />} onSelect={() => restore.mutate()}>
              Restore
            </MenuItem>
          ) : (
            <MenuItem icon={<Archive size={14} />} onSelect={() => archive.mutate()}>
              Archive
            </MenuItem>
          )}
          <MenuItem icon={<Trash2 size={14} />} isDanger onSelect={() => onOpen("delete")}>
            Delete…
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
