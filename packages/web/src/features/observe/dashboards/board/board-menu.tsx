import { useNavigate } from "@tanstack/react-router";
import { Copy, Download, Ellipsis, Link2, Maximize, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { copyText } from "../../../../components/feedback/copy-button.tsx";
import { toastDone, toastFailed } from "../../../../components/feedback/toast.tsx";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from "../../../../components/overlay/menu.tsx";
import { isRelative } from "../../../../components/time/time-range.ts";
import { useProject } from "../../../system/session/index.ts";
import { DeleteDashboard } from "../list/delete-dashboard.tsx";
import { type Dashboard, useDashboardChanges } from "../shared/use-dashboards.ts";
import type { BoardSearch } from "./board-search.ts";
import { REFRESHES, refreshOf } from "./refreshes.ts";

type RefreshProps = { search: BoardSearch; change: (next: BoardSearch) => void };

/** How often the charts refresh. */
export function RefreshMenu({ search, change }: RefreshProps) {
  const seconds = refreshOf(search.refresh, isRelative(search)) ?? 0;
  const often = seconds < 60 ? `${seconds} s` : `${seconds / 60} min`;
  const label = seconds > 0 ? `Refresh every ${often}` : "Refresh: never";
  return (
    <Menu
      align="end"
      trigger={
        <Button aria-label={label} title={label} className="px-2!">
          <RefreshCw aria-hidden size={14} className="text-muted" />
          {seconds > 0 && <span className="num">{often}</span>}
        </Button>
      }
    >
      <MenuLabel>Refresh</MenuLabel>
      {REFRESHES.map(({ id, label: name }) => (
        <MenuChoice key={id} isChosen={Number(id) === seconds} onSelect={() => change({ refresh: id })}>
          {name}
        </MenuChoice>
      ))}
    </Menu>
  );
}

/** What else can be done with a dashboard: shown large, handed on, copied, deleted. */
export function MoreMenu({ dashboard, canEdit }: { dashboard: Dashboard; canEdit: boolean }) {
  const { dashboardId, name, charts } = dashboard;
  const { duplicate, exportFile } = useDashboardChanges();
  const navigate = useNavigate();
  const project = useProject();
  const [isDeleting, setIsDeleting] = useState(false);
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label={`Actions for ${name}`} className="border border-line-strong bg-panel">
            <Ellipsis size={16} />
          </IconButton>
        }
      >
        <MenuItem icon={<Maximize size={14} />} onSelect={toggleFullScreen}>
          Full screen
        </MenuItem>
        <MenuItem icon={<Link2 size={14} />} onSelect={() => void copyLink(project)}>
          Copy link to this view
        </MenuItem>
        <MenuItem icon={<Download size={14} />} onSelect={() => exportFile.mutate(dashboardId)}>
          Export as JSON
        </MenuItem>
        {canEdit && (
          <>
            <MenuItem icon={<Copy size={14} />} onSelect={() => duplicate.mutate(dashboardId)}>
              Duplicate
            </MenuItem>
            <MenuLine />
            <MenuItem icon={<Trash2 size={14} />} isDanger onSelect={() => setIsDeleting(true)}>
              Delete
            </MenuItem>
          </>
        )}
      </Menu>
      {isDeleting && (
        <DeleteDashboard
          dashboard={{ dashboardId, name, chartCount: charts.length }}
          close={() => setIsDeleting(false)}
          onDeleted={() => void navigate({ to: "/dashboards" })}
        />
      )}
    </>
  );
}

/** The address as it is, with the project in it, since a colleague may have opened another one last. */
async function copyLink({ id, name }: { id: string; name: string }) {
  const url = new URL(location.href);
  url.searchParams.set("project", id);
  if (await copyText(url.href)) toastDone(`Copied the link. Members of ${name} can open it.`);
}

/** The whole page, so that menus stay within; styles leave the navigation away. */
export function toggleFullScreen(): void {
  const done = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.();
  if (done) done.catch(refused);
  else refused();
}

const refused = () => toastFailed("Full screen is not available", "This browser does not allow full screen here.");
