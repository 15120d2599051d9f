import { useNavigate } from "@tanstack/react-router";
import { Download, Ellipsis, FileText, Lock, RotateCw, ShieldCheck, Trash2 } from "lucide-react";
import { useState } from "react";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { whenDone } from "../../../../components/feedback/when-done.ts";
import { IconButton } from "../../../../components/form/button.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { Menu, MenuItem, MenuLine } from "../../../../components/overlay/menu.tsx";
import { fileNameOf } from "../shared/file-name.ts";
import {
  type KnowledgeDocument,
  useDeleteDocument,
  useDownloadDocument,
  useReleaseDocument,
  useRetryDocument,
} from "../shared/use-documents.ts";
import { AccessDialog } from "./access-dialog.tsx";

type PlaceProps = { knowledgeBaseId: string; document: KnowledgeDocument };
type MenuProps = PlaceProps & {
  canWrite: boolean;
  /** Whether the menu opens the document. Its page does not need that. */
  hasOpen?: boolean;
  onDeleted?: () => void;
};

/** What can be done with a document. */
export function DocumentMenu({ knowledgeBaseId, document, canWrite, hasOpen = false, onDeleted }: MenuProps) {
  const place = { knowledgeBaseId, document };
  const [opened, setOpened] = useState<"access" | "delete">();
  const close = () => setOpened(undefined);
  const trigger = (
    <IconButton label={`Actions for ${document.title}`}>
      <Ellipsis size={16} />
    </IconButton>
  );
  return (
    <>
      <Menu trigger={trigger} align="end">
        {hasOpen && <OpenItem {...place} />}
        <DownloadItem {...place} />
        {canWrite && <WriteItems {...place} show={setOpened} />}
      </Menu>
      {opened === "access" && <AccessDialog {...place} close={close} />}
      {opened === "delete" && <DeleteDocument {...place} close={close} onDeleted={onDeleted} />}
    </>
  );
}

function OpenItem({ knowledgeBaseId, document: { documentId } }: PlaceProps) {
  const navigate = useNavigate();
  const open = () =>
    void navigate({
      to: "/knowledge/$knowledgeBaseId/documents/$documentId",
      params: { knowledgeBaseId, documentId },
    });
  return (
    <MenuItem icon={<FileText size={14} />} onSelect={open}>
      Open
    </MenuItem>
  );
}

function DownloadItem({ knowledgeBaseId, document: { documentId, uri } }: PlaceProps) {
  const download = useDownloadDocument(knowledgeBaseId);
  return (
    <MenuItem icon={<Download size={14} />} onSelect={() => download.mutate({ documentId, name: fileNameOf(uri) })}>
      Download file
    </MenuItem>
  );
}

type WriteProps = PlaceProps & { show: (dialog: "access" | "delete") => void };

function WriteItems({ knowledgeBaseId, document: { documentId, title, state }, show }: WriteProps) {
  const retry = useRetryDocument(knowledgeBaseId);
  const again = () => void whenDone(retry.mutateAsync(documentId), () => toastDone(`${title} is parsed again`));
  return (
    <>
      <MenuItem icon={<Lock size={14} />} onSelect={() => show("access")}>
        Permissions…
      </MenuItem>
      {state === "quarantined" && (
        <ReleaseItem knowledgeBaseId={knowledgeBaseId} documentId={documentId} title={title} />
      )}
      <MenuItem icon={<RotateCw size={14} />} onSelect={again}>
        {state === "failed" ? "Retry" : "Parse again"}
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<Trash2 size={14} />} isDanger onSelect={() => show("delete")}>
        Delete…
      </MenuItem>
    </>
  );
}

type ReleaseProps = { knowledgeBaseId: string; documentId: string; title: string };

function ReleaseItem({ knowledgeBaseId, documentId, title }: ReleaseProps) {
  const release = useReleaseDocument(knowledgeBaseId);
  const free = () => void whenDone(release.mutateAsync(documentId), () => toastDone(`Released ${title}`));
  return (
    <MenuItem icon={<ShieldCheck size={14} />} onSelect={free}>
      Release from quarantine
    </MenuItem>
  );
}

type DeleteProps = PlaceProps & { close: () => void; onDeleted: (() => void) | undefined };

function DeleteDocument({ knowledgeBaseId, document: { documentId, title }, close, onDeleted }: DeleteProps) {
  const remove = useDeleteDocument(knowledgeBaseId);
  const confirm = () =>
    void whenDone(remove.mutateAsync(documentId), () => {
      toastDone(`Deleted ${title}`);
      close();
      onDeleted?.();
    });
  return (
    <ConfirmDialog
      title={`Delete ${title}?`}
      verb="Delete document"
      isBusy={remove.isPending}
      onConfirm={confirm}
      close={close}
    >
      No version finds it any more, older versions included. You cannot undo this.
    </ConfirmDialog>
  );
}
