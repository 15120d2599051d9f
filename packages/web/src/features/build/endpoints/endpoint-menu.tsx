import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { copyText } from "../../../components/feedback/copy-button.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { IconButton } from "../../../components/form/button.tsx";
import { ConfirmDialog } from "../../../components/overlay/confirm-dialog.tsx";
import { Menu, MenuItem, MenuLine } from "../../../components/overlay/menu.tsx";
import { EndpointVersions } from "./endpoint-versions.tsx";
import { type Endpoint, useDeleteEndpoint } from "./use-endpoints.ts";

/** What can be done with an endpoint besides editing it. */
export function EndpointMenu({ endpoint, canWrite }: { endpoint: Endpoint; canWrite: boolean }) {
  const { endpointId, name } = endpoint;
  const remove = useDeleteEndpoint();
  const [isDeleting, setIsDeleting] = useState(false);
  const [isShowingVersions, setIsShowingVersions] = useState(false);
  return (
    <>
      <ActionsMenu
        name={name}
        onVersions={() => setIsShowingVersions(true)}
        onDelete={canWrite ? () => setIsDeleting(true) : undefined}
      />
      {isShowingVersions && (
        <EndpointVersions endpoint={endpoint} canRestore={canWrite} close={() => setIsShowingVersions(false)} />
      )}
      {isDeleting && (
        <DeleteDialog
          name={name}
          isBusy={remove.isPending}
          onConfirm={() => void whenDone(remove.mutateAsync(endpointId), () => toastDone(`Deleted ${name}`))}
          close={() => setIsDeleting(false)}
        />
      )}
    </>
  );
}

type ActionsProps = { name: string; onVersions: () => void; onDelete: (() => void) | undefined };

function ActionsMenu({ name, onVersions, onDelete }: ActionsProps) {
  const trigger = (
    <IconButton label={`Actions for ${name}`}>
      <Ellipsis size={16} />
    </IconButton>
  );
  return (
    <Menu trigger={trigger} align="end">
      <MenuItem onSelect={async () => (await copyText(name)) && toastDone("Copied the endpoint name")}>
        Copy name
      </MenuItem>
      <MenuItem onSelect={onVersions}>Versions…</MenuItem>
      {onDelete && <MenuLine />}
      {onDelete && (
        <MenuItem isDanger onSelect={onDelete}>
          Delete…
        </MenuItem>
      )}
    </Menu>
  );
}

type DeleteProps = { name: string; isBusy: boolean; onConfirm: () => void; close: () => void };

const DeleteDialog = ({ name, isBusy, onConfirm, close }: DeleteProps) => (
  <ConfirmDialog
    title={`Delete endpoint ${name}?`}
    verb="Delete endpoint"
    isBusy={isBusy}
    onConfirm={onConfirm}
    close={close}
  >
    Applications that call <code>{name}</code> will get an error. Its models and recorded traces remain.
  </ConfirmDialog>
);
