import { BellOff, BellRing } from "lucide-react";
import { useState } from "react";
import { Button } from "../../../../components/form/button.tsx";
import { Menu } from "../../../../components/overlay/menu.tsx";
import { MuteItems } from "../shared/monitor-menu.tsx";
import { MuteDialog } from "../shared/mute-dialog.tsx";
import type { Monitor } from "../shared/use-monitors.ts";
import { isMuted, useMuting } from "../shared/use-muting.ts";

/** Mutes the monitor for a time, or unmutes it. */
export function MuteButton({ monitor }: { monitor: Monitor }) {
  const [isAsking, setIsAsking] = useState(false);
  const { unmute, isBusy } = useMuting(monitor);
  if (isMuted(monitor))
    return (
      <Button isBusy={isBusy} onClick={unmute}>
        <BellRing aria-hidden size={14} /> Unmute
      </Button>
    );
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button>
            <BellOff aria-hidden size={14} /> Mute
          </Button>
        }
      >
        <MuteItems monitor={monitor} onUntil={() => setIsAsking(true)} />
      </Menu>
      {isAsking && <MuteDialog monitor={monitor} close={() => setIsAsking(false)} />}
    </>
  );
}
