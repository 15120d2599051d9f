import { Link, useNavigate } from "@tanstack/react-router";
import {
  ChevronLeft,
  Copy,
  Download,
  Ellipsis,
  GitCompareArrows,
  Maximize,
  Pencil,
  Plus,
  RefreshCw,
  Trash2,
} from "lucide-react";
import { useEffect } from "react";
import { explain } from "../../api.ts";
import { Button, IconButton } from "../../components/button.tsx";
import { TextInput } from "../../components/field.tsx";
import { useKeys } from "../../components/keys.ts";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from "../../components/menu.tsx";
import { PageHeader } from "../../components/page.tsx";
import { isRelative, previousLabel } from "../../components/time-range.ts";
import { TimeRangePicker } from "../../components/time-range-picker.tsx";
import { toastDone } from "../../components/toast.tsx";
import { FilterBar, wholeFilter } from "../filter/index.ts";
import type { BoardSearch } from "./board-search.ts";
import { REFRESHES, refreshOf } from "./refreshes.ts";
import { type Dashboard, useDashboardChanges } from "./use-dashboards.ts";
import type { DraftState } from "./use-draft.ts";

type HeaderProps = {
  dashboard: Dashboard;
  state: DraftState;
  search: BoardSearch;
  change: (next: BoardSearch, isNewPlace?: boolean) => void;
  isEdited: boolean;
  canEdit: boolean;
  onAdd: () => void;
};

/** The name of the dashboard, the time that it shows, and what can be done with it. */
export function BoardHeader(props: HeaderProps) {
  return props.isEdited ? <EditHeader {...props} /> : <ViewHeader {...props} />;
}

const allDashboards = (
  <Link to="/dashboards" className="inline-flex items-center gap-0.5 hover:text-text">
    <ChevronLeft aria-hidden size={14} /> All dashboards
  </Link>
);

function ViewHeader({ dashboard, search, change, canEdit }: HeaderProps) {
  const range = { range: search.range, from: search.from, to: search.to };
  const isCompared = search.compare === "1";
  const compare = () => change({ compare: isCompared ? undefined : "1" });
  const edit = () => change({ edit: "1" }, true);
  useKeys("Dashboard", [
    { keys: "c", label: "Compare with the time before", run: compare },
    { keys: "f", label: "Full screen", run: toggleFullScreen },
    ...(canEdit ? [{ keys: "e", label: "Edit the dashboard", run: edit }] : []),
  ]);
  return (
    <PageHeader
      title={dashboard.name}
      description={
        <>
          {allDashboards}
          {dashboard.description && <span className="ml-3">{dashboard.description}</span>}
        </>
      }
      action={
        <>
          <TimeRangePicker value={range} onChange={(next) => change(next, true)} />
          <Button
            aria-pressed={isCompared}
            onClick={compare}
            title={`Beside ${previousLabel(range)} (c)`}
            className="aria-pressed:border-accent! aria-pressed:bg-accent-soft!"
          >
            <GitCompareArrows aria-hidden size={14} /> Compare
          </Button>
          <RefreshMenu search={search} change={change} />
          {canEdit && (
            <Button onClick={edit}>
              <Pencil aria-hidden size={14} /> Edit
            </Button>
          )}
          <MoreMenu dashboard={dashboard} canEdit={canEdit} />
        </>
      }
    >
      <div data-fullscreen="hide">
        <FilterBar
          filter={search.filter ? { filter: search.filter } : {}}
          range={range}
          label="Filter all charts"
          onChange={(next) => change(wholeFilter(next))}
        />
      </div>
    </PageHeader>
  );
}

function EditHeader({ dashboard, state, search, change, onAdd }: HeaderProps) {
  const { draft, isChanged, isOutdated, save } = state;
  const leave = () => change({ edit: undefined, chart: undefined }, true);
  const submit = () => {
    if (isOutdated || save.isPending) return;
    save.mutate(draft, {
      onSuccess: () => {
        toastDone(`“${draft.name}” is saved`);
        leave();
      },
    });
  };
  useKeys("Dashboard", [{ keys: "mod+s", label: "Save the dashboard", run: submit }]);
  useEffect(() => {
    document.title = `Editing ${draft.name} · Treadle`;
  }, [draft.name]);
  return (
    <header className="sticky top-0 z-20 mb-3 flex flex-wrap items-start justify-between gap-x-4 gap-y-2 border-line border-b bg-bg px-6 py-3 max-md:px-4">
      <h1 className="sr-only">Editing {dashboard.name}</h1>
      <div className="flex min-w-60 grow flex-wrap gap-2 max-md:basis-full">
        <TextInput
          aria-label="Name"
          value={draft.name}
          required
          maxLength={120}
          aria-invalid={draft.name.trim() === "" ? true : undefined}
          onChange={({ target }) => state.change({ name: target.value })}
          className="max-w-70 font-semibold max-md:max-w-none"
        />
        <TextInput
          aria-label="Description"
          placeholder="What it is for"
          value={draft.description}
          maxLength={2000}
          onChange={({ target }) => state.change({ description: target.value })}
          className="max-w-120 shrink grow basis-60 max-md:max-w-none"
        />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <TimeRangePicker
          value={{ range: search.range, from: search.from, to: search.to }}
          onChange={(next) => change(next)}
        />
        <Button onClick={onAdd}>
          <Plus aria-hidden size={14} /> Add a chart
        </Button>
        {isChanged ? (
          <>
            <Button
              onClick={async () => {
                await state.discard();
                leave();
              }}
            >
              Discard
            </Button>
            <Button
              kind="primary"
              onClick={submit}
              isBusy={save.isPending}
              disabled={isOutdated || draft.name.trim() === ""}
            >
              Save
            </Button>
          </>
        ) : (
          <Button kind="primary" onClick={leave}>
            Done
          </Button>
        )}
      </div>
      {save.error && !isOutdated && (
        <p role="alert" className="basis-full text-bad">
          {explain(save.error)}
        </p>
      )}
    </header>
  );
}

function RefreshMenu({ search, change }: Pick<HeaderProps, "search" | "change">) {
  const seconds = refreshOf(search.refresh, isRelative(search)) ?? 0;
  const label = REFRESHES.find(({ id }) => Number(id) === seconds)?.label ?? "Never";
  return (
    <Menu
      align="end"
      trigger={
        <Button aria-label={`Load again: ${label}`} title={`Load again: ${label.toLowerCase()}`} className="px-2!">
          <RefreshCw aria-hidden size={14} className="text-muted" />
          {seconds > 0 && <span className="num">{seconds < 60 ? `${seconds} s` : `${seconds / 60} min`}</span>}
        </Button>
      }
    >
      <MenuLabel>Load again</MenuLabel>
      {REFRESHES.map(({ id, label: name }) => (
        <MenuChoice key={id} isChosen={Number(id) === seconds} onSelect={() => change({ refresh: id })}>
          {name}
        </MenuChoice>
      ))}
    </Menu>
  );
}

function MoreMenu({ dashboard: { id, name }, canEdit }: Pick<HeaderProps, "dashboard" | "canEdit">) {
  const { duplicate, exportFile, remove } = useDashboardChanges();
  const navigate = useNavigate();
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`More for ${name}`} className="border border-line-strong bg-panel">
          <Ellipsis size={16} />
        </IconButton>
      }
    >
      <MenuItem icon={<Maximize size={14} />} onSelect={toggleFullScreen}>
        Full screen
      </MenuItem>
      <MenuItem icon={<Download size={14} />} onSelect={() => exportFile.mutate(id)}>
        Export as JSON
      </MenuItem>
      {canEdit && (
        <>
          <MenuItem icon={<Copy size={14} />} onSelect={() => duplicate.mutate(id)}>
            Duplicate
          </MenuItem>
          <MenuLine />
          <MenuItem
            icon={<Trash2 size={14} />}
            isDanger
            onSelect={() => remove.mutate(id, { onSuccess: () => void navigate({ to: "/dashboards" }) })}
          >
            Delete
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

/** The whole page, so that menus stay within; styles leave the navigation away. */
function toggleFullScreen() {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.documentElement.requestFullscreen();
}
