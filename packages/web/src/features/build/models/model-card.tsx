import { Link } from "@tanstack/react-router";
import { Download, Ellipsis } from "lucide-react";
import { useState } from "react";
import { copyText } from "../../../components/feedback/copy-button.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { Button, IconButton } from "../../../components/form/button.tsx";
import { ConfirmDialog } from "../../../components/overlay/confirm-dialog.tsx";
import { Menu, MenuItem, MenuLine } from "../../../components/overlay/menu.tsx";
import { formatBytes, formatCompact } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
import { type LocalModel, useDeleteModel, useModelSwitch, useStartPull } from "./use-models.ts";

const STATES = {
  available: { dot: "", word: "" },
  pulling: { dot: "bg-info", word: "Pulling" },
  ready: { dot: "bg-faint", word: "Ready" },
  loading: { dot: "bg-info animate-pulse", word: "Loading" },
  loaded: { dot: "bg-good", word: "Loaded" },
  failed: { dot: "bg-bad rounded-[2px]", word: "Failed" },
} as const satisfies Record<LocalModel["state"], { dot: string; word: string }>;

/** One model: its facts, state and actions. */
export function ModelCard({ model }: { model: LocalModel }) {
  const { dot, word } = STATES[model.state];
  const facts = [
    model.kind,
    model.format,
    model.parameters !== null && `${formatCompact(model.parameters)} parameters`,
    model.contextTokens !== null && `${formatCompact(model.contextTokens)} context tokens`,
    model.sizeBytes !== null && formatBytes(model.sizeBytes),
    model.memoryBytes !== null && `about ${formatBytes(model.memoryBytes)} memory`,
    model.license,
  ].filter(Boolean);
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-64 grow basis-80">
        <p className="flex flex-wrap items-center gap-x-2">
          <span className="font-medium">{model.label}</span>
          {model.label !== model.modelId && <code className="text-xs text-muted">{model.modelId}</code>}
          {model.isDefault && <span className="rounded border border-line bg-raised px-1.5 text-xs">default</span>}
        </p>
        {model.description && <p className="text-pretty">{model.description}</p>}
        <p className="mt-0.5 text-xs text-muted">{facts.join(" · ")}</p>
        {model.error && <p className="mt-1 break-words text-bad">{model.error}</p>}
      </div>
      <div className="flex items-center gap-2 self-center">
        {word && (
          <span className="mr-2 inline-flex items-center gap-1.5">
            <span aria-hidden className={`size-1.75 rounded-full ${dot}`} />
            {word}
          </span>
        )}
        <Actions model={model} />
      </div>
    </li>
  );
}

function Actions({ model }: { model: LocalModel }) {
  const project = useProject();
  const pull = useStartPull();
  const power = useModelSwitch();
  const [isDeleting, setIsDeleting] = useState(false);
  const canWrite = project.can("local-models:write");
  const isHere = model.state === "ready" || model.state === "loaded" || model.state === "failed";
  if (model.state === "available") {
    return (
      canWrite && (
        <Button isBusy={pull.isPending} onClick={() => pull.mutate(model.modelId)}>
          {!pull.isPending && <Download aria-hidden size={14} />} Pull
        </Button>
      )
    );
  }
  const trigger = (
    <IconButton label={`Actions for ${model.modelId}`}>
      <Ellipsis size={16} />
    </IconButton>
  );
  return (
    <>
      {canWrite && model.state === "ready" && (
        <Button isBusy={power.isPending} onClick={() => power.mutate({ modelId: model.modelId, isOn: true })}>
          Load
        </Button>
      )}
      {canWrite && model.state === "loaded" && (
        <Button isBusy={power.isPending} onClick={() => power.mutate({ modelId: model.modelId, isOn: false })}>
          Unload
        </Button>
      )}
      <Menu trigger={trigger} align="end">
        <MenuItem onSelect={async () => (await copyText(model.modelId)) && toastDone("Copied the model name")}>
          Copy name
        </MenuItem>
        {model.sha256 && (
          <MenuItem
            onSelect={async () => model.sha256 && (await copyText(model.sha256)) && toastDone("Copied the SHA-256")}
          >
            Copy SHA-256
          </MenuItem>
        )}
        <MenuItem onSelect={async () => (await copyText(model.source)) && toastDone("Copied the source")}>
          Copy source
        </MenuItem>
        {canWrite && isHere && model.format !== "builtin" && (
          <>
            <MenuLine />
            <MenuItem isDanger onSelect={() => setIsDeleting(true)}>
              Delete…
            </MenuItem>
          </>
        )}
      </Menu>
      {isDeleting && <DeleteModel model={model} close={() => setIsDeleting(false)} />}
    </>
  );
}

function DeleteModel({ model, close }: { model: LocalModel; close: () => void }) {
  const remove = useDeleteModel();
  function confirm() {
    void whenDone(remove.mutateAsync(model.modelId), () => {
      toastDone(`Deleted ${model.modelId}`);
      close();
    });
  }
  return (
    <ConfirmDialog
      title={`Delete ${model.modelId}?`}
      verb="Delete file"
      isBusy={remove.isPending}
      onConfirm={confirm}
      close={close}
    >
      This deletes the {formatBytes(model.sizeBytes)} file from this machine. Requests for the model fail until you pull
      it again.{" "}
      <Link to="/endpoints" className="underline underline-offset-2">
        Endpoints
      </Link>{" "}
      that use the model do not change.
    </ConfirmDialog>
  );
}
