import { useNavigate } from "@tanstack/react-router";
import { BellOff, BellRing, Copy, Ellipsis, Pause, Pencil, Play, RotateCcw, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { IconButton } from "../../../../components/form/button.tsx";
import { Menu, MenuItem, MenuLine } from "../../../../components/overlay/menu.tsx";
import { DeleteMonitor } from "./delete-monitor.tsx";
import { LearnDialog } from "./learn-dialog.tsx";
import { MuteDialog } from "./mute-dialog.tsx";
import { useEnabling } from "./use-enabling.ts";
import type { Monitor } from "./use-monitors.ts";
import { isMuted, useMuting } from "./use-muting.ts";

type MenuProps = {
  monitor: Monitor;
  size?: "normal" | "small";
  /** Called when the monitor is deleted. */
  onDeleted?: () => void;
};

/** All actions on a monitor. */
export function MonitorMenu({ monitor, size = "small", onDeleted }: MenuProps) {
  const [opened, setOpened] = useState<"mute" | "learn" | "delete">();
  const close = () => setOpened(undefined);
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label={`Actions for ${monitor.name}`} size={size}>
            <Ellipsis size={16} />
          </IconButton>
        }
      >
        <EditItems monitor={monitor} />
        <MenuLine />
        <MuteItems monitor={monitor} onUntil={() => setOpened("mute")} />
        {monitor.condition.kind === "change" && <LearnItem onSelect={() => setOpened("learn")} />}
        <EnableItem monitor={monitor} />
        <MenuLine />
        <MenuItem icon={<Trash2 size={14} />} isDanger onSelect={() => setOpened("delete")}>
          Delete…
        </MenuItem>
      </Menu>
      {opened === "mute" && <MuteDialog monitor={monitor} close={close} />}
      {opened === "learn" && <LearnDialog monitor={monitor} close={close} />}
      {opened === "delete" && <DeleteMonitor monitor={monitor} close={close} {...(onDeleted && { onDeleted })} />}
    </>
  );
}

function EditItems({ monitor: { monitorId } }: { monitor: Monitor }) {
  const navigate = useNavigate();
  return (
    <>
      <MenuItem
        icon={<Pencil size={14} />}
        onSelect={() => void navigate({ to: "/monitors/$monitorId/edit", params: { monitorId } })}
      >
        Edit
      </MenuItem>
      <MenuItem
        icon={<Copy size={14} />}
        onSelect={() => void navigate({ to: "/monitors/new", search: { copy: monitorId } })}
      >
        Duplicate
      </MenuItem>
    </>
  );
}

/** The times to mute a monitor for, or the way back. */
export function MuteItems({ monitor, onUntil }: { monitor: Monitor; onUntil: () => void }): ReactNode {
  const { muteFor, unmute } = useMuting(monitor);
  if (isMuted(monitor))
    return (
      <MenuItem icon={<BellRing size={14} />} onSelect={unmute}>
        Unmute
      </MenuItem>
    );
  return (
    <>
      <MenuItem icon={<BellOff size={14} />} onSelect={() => muteFor("1 hour")}>
        Mute for 1 hour
      </MenuItem>
      <MenuItem icon={<BellOff size={14} />} onSelect={() => muteFor("1 day")}>
        Mute for 1 day
      </MenuItem>
      <MenuItem icon={<BellOff size={14} />} onSelect={onUntil}>
        Mute until…
      </MenuItem>
    </>
  );
}

/** After a release that changes the values for good, the past is no measure for them. */
const LearnItem = ({ onSelect }: { onSelect: () => void }) => (
  <MenuItem icon={<RotateCcw size={14} />} onSelect={onSelect}>
    Learn again from now…
  </MenuItem>
);

function EnableItem({ monitor }: { monitor: Monitor }) {
  const toggle = useEnabling(monitor);
  return monitor.isEnabled ? (
    <MenuItem icon={<Pause size={14} />} onSelect={toggle}>
      Disable
    </MenuItem>
  ) : (
    <MenuItem icon={<Play size={14} />} onSelect={toggle}>
      Enable
    </MenuItem>
  );
}
