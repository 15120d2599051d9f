import {
  Bookmark,
  BookmarkCheck,
  ChevronDown,
  Lock,
  Pencil,
  Plus,
  RotateCcw,
  Save,
  Star,
  Trash2,
  Users,
} from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { buttonLook } from "../../../components/form/button.tsx";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from "../../../components/overlay/menu.tsx";
import { useProject } from "../../system/session/index.ts";
import { inputOf, type SavedView, useDefaultView, useViewChanges, useViews, type ViewPage } from "./use-views.ts";
import { ViewDialog } from "./view-dialog.tsx";
import { isSameState, type ViewState } from "./view-state.ts";

type MenuProps = {
  /** Where a new view belongs, and whose views are listed. */
  page: ViewPage;
  pages?: readonly ViewPage[];
  /** What the page shows now. */
  state: ViewState;
  /** The view that the address names. */
  viewId: string | undefined;
  /** The URL has no settings yet, so the default view may apply. */
  isUntouched: boolean;
  open: (view: SavedView) => void;
};

/** The views of a page: open one, save what is shown, rename, share, delete, or begin with it. */
export function ViewMenu({ page, pages = [page], state, viewId, isUntouched, open }: MenuProps) {
  const { can } = useProject();
  const { views, isReady } = useViews(pages);
  const [dialog, setDialog] = useState<"new" | "rename">();
  const [defaultId, setDefault] = useDefaultView(pages[0] ?? page);
  const view = views.find((candidate) => candidate.viewId === viewId);
  const isChanged = view !== undefined && !isSameState(view, state);
  useBeginWith(isReady && isUntouched ? views.find((candidate) => candidate.viewId === defaultId) : undefined, open);
  if (!can("dashboards:read")) return null;
  const Icon = view ? BookmarkCheck : Bookmark;
  const trigger = (
    <button
      type="button"
      className={buttonLook("plain")}
      aria-label={view ? `View: ${view.name}${isChanged ? ", changed" : ""}` : "Views"}
    >
      <Icon aria-hidden size={14} className={view ? "text-accent" : "text-muted"} />
      <span className="max-w-40 truncate max-sm:max-w-24">{view?.name ?? "Views"}</span>
      {isChanged && <span className="text-xs text-muted">changed</span>}
      <ChevronDown aria-hidden size={14} className="text-muted" />
    </button>
  );
  return (
    <>
      <Menu trigger={trigger} align="end">
        {views.length === 0 && <MenuLabel>No saved views</MenuLabel>}
        <ViewGroup
          label="Mine"
          views={views.filter(({ isShared }) => !isShared)}
          viewId={viewId}
          defaultId={defaultId}
          open={open}
        />
        <ViewGroup
          label="Shared"
          views={views.filter(({ isShared }) => isShared)}
          viewId={viewId}
          defaultId={defaultId}
          open={open}
        />
        {can("dashboards:write") && (
          <>
            <MenuLine />
            {view && isChanged && <ChangedItems view={view} state={state} page={page} open={open} />}
            <MenuItem icon={<Plus size={14} />} onSelect={() => setDialog("new")}>
              Save as new view…
            </MenuItem>
            {view && <ViewItems view={view} rename={() => setDialog("rename")} />}
          </>
        )}
        {view && (
          <MenuItem
            icon={<Star size={14} />}
            onSelect={() => {
              const isDefault = view.viewId === defaultId;
              setDefault(isDefault ? "" : view.viewId);
              toastDone(isDefault ? "This page has no default view now" : `“${view.name}” is now your default view`);
            }}
          >
            {view.viewId === defaultId ? "Remove as default" : "Set as default"}
          </MenuItem>
        )}
      </Menu>
      {dialog && (
        <ViewDialog
          view={dialog === "rename" ? view : undefined}
          content={{ page, ...state }}
          onSaved={open}
          close={() => setDialog(undefined)}
        />
      )}
    </>
  );
}

/** Applies the default view once to a page without settings in its URL. */
function useBeginWith(view: SavedView | undefined, open: (view: SavedView) => void) {
  const isDone = useRef(false);
  useEffect(() => {
    if (isDone.current || view === undefined) return;
    isDone.current = true;
    open(view);
  });
}

type GroupProps = {
  label: string;
  views: readonly SavedView[];
  viewId: string | undefined;
  defaultId: string;
  open: (view: SavedView) => void;
};

function ViewGroup({ label, views, viewId, defaultId, open }: GroupProps) {
  if (views.length === 0) return null;
  return (
    <>
      <MenuLabel>{label}</MenuLabel>
      {views.map((view) => (
        <MenuChoice key={view.viewId} isChosen={view.viewId === viewId} onSelect={() => open(view)}>
          <span className="flex items-center gap-1.5" title={view.filter || undefined}>
            <span className="truncate">{view.name}</span>
            {view.viewId === defaultId && <Star aria-label="default" size={12} className="shrink-0 text-muted" />}
          </span>
        </MenuChoice>
      ))}
    </>
  );
}

type ChangedProps = { view: SavedView; state: ViewState; page: ViewPage; open: (view: SavedView) => void };

function ChangedItems({ view, state, page, open }: ChangedProps) {
  const { replace } = useViewChanges();
  return (
    <>
      <MenuItem
        icon={<Save size={14} />}
        onSelect={() =>
          void whenDone(replace.mutateAsync({ ...inputOf(view), ...state, page, viewId: view.viewId }), () =>
            toastDone(`Saved “${view.name}”`),
          )
        }
      >
        Save changes
      </MenuItem>
      <MenuItem icon={<RotateCcw size={14} />} onSelect={() => open(view)}>
        Discard changes
      </MenuItem>
    </>
  );
}

function ViewItems({ view, rename }: { view: SavedView; rename: () => void }) {
  const { replace, remove } = useViewChanges();
  const share = () =>
    void whenDone(replace.mutateAsync({ ...inputOf(view), isShared: !view.isShared, viewId: view.viewId }), () =>
      toastDone(view.isShared ? `“${view.name}” is now private` : `All project members can now see “${view.name}”`),
    );
  return (
    <>
      <MenuItem icon={<Pencil size={14} />} onSelect={rename}>
        Rename…
      </MenuItem>
      {view.isOwn && (
        <MenuItem icon={view.isShared ? <Lock size={14} /> : <Users size={14} />} onSelect={share}>
          {view.isShared ? "Make private" : "Share with project"}
        </MenuItem>
      )}
      <MenuItem icon={<Trash2 size={14} />} isDanger onSelect={() => remove.mutate(view)}>
        Delete
      </MenuItem>
    </>
  );
}
