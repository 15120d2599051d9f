import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { copyText } from "../../../components/feedback/copy-button.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { IconButton } from "../../../components/form/button.tsx";
import { ConfirmDialog } from "../../../components/overlay/confirm-dialog.tsx";
import { Menu, MenuItem, MenuLine } from "../../../components/overlay/menu.tsx";
import { EndpointVersions } from "./endpoint-versions.tsx";
import { type Endpoint, useDeleteEndpoint } from "./use-endpoints.ts";

/** What can be done with an endpoint besides editing it. */
export function EndpointMenu({ endpoint, canWrite }: { endpoint: Endpoint; canWrite: boolean }) {
  const remove = useDeleteEndpoint();
  const [isDeleting, setIsDeleting] = useState(false);
  const [isShowingVersions, setIsShowingVersions] = useState(false);
  const trigger = (
    <IconButton label={`Actions for ${endpoint.name}`}>
      <Ellipsis size={16} />
    </IconButton>
  );
  return (
    <>
      <Menu trigger={trigger} align="end">
        <MenuItem onSelect={async () => (await copyText(endpoint.name)) && toastDone("Copied the endpoint name")}>
          Copy name
        </MenuItem>
        <MenuItem onSelect={() => setIsShowingVersions(true)}>Versions…</MenuItem>
        {canWrite && <MenuLine />}
        {canWrite && (
          <MenuItem isDanger onSelect={() => setIsDeleting(true)}>
            Delete…
          </MenuItem>
        )}
      </Menu>
      {isShowingVersions && (
        <EndpointVersions endpoint={endpoint} canRestore={canWrite} close={() => setIsShowingVersions(false)} />
      )}
      {isDeleting && (
        <ConfirmDialog
          title={`Delete endpoint ${endpoint.name}?`}
          verb="Delete endpoint"
          isBusy={remove.isPending}
          onConfirm={() =>
            remove.mutate(endpoint.endpointId, { onSuccess: () => toastDone(`Deleted ${endpoint.name}`) })
          }
          close={() => setIsDeleting(false)}
        >
          Applications that call <code>{endpoint.name}</code> will get an error. Its models and recorded traces remain.
        </ConfirmDialog>
      )}
    </>
  );
}
