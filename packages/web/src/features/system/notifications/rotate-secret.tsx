import { explain } from "../../../api.ts";
import { SecretOnce } from "../../../components/feedback/secret-once.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { type Channel, useChannelChanges } from "./use-notifications.ts";

/** Replaces the signing secret of a webhook. Both secrets sign for a day. */
export function RotateSecret({ channel, close }: { channel: Channel; close: () => void }) {
  const { rotate } = useChannelChanges();
  const secret = rotate.data?.secret;
  return (
    <Dialog title={`Rotate the secret of ${channel.name}`} close={close}>
      {secret ? (
        <SecretOnce label="Signing secret" value={secret} close={close}>
          Enter this secret at the receiver within 24 hours. Until then, both secrets sign. It is not shown again.
        </SecretOnce>
      ) : (
        <div className="flex flex-col gap-4">
          <p>Treadle creates a new secret. For 24 hours, requests are signed with both secrets.</p>
          {rotate.error && (
            <p role="alert" className="text-bad">
              {explain(rotate.error)}
            </p>
          )}
          <DialogActions>
            <Button onClick={close}>Cancel</Button>
            <Button kind="primary" isBusy={rotate.isPending} onClick={() => rotate.mutate(channel.channelId)}>
              Create secret
            </Button>
          </DialogActions>
        </div>
      )}
    </Dialog>
  );
}
