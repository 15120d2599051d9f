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
import { buttonLook } from "../../components/button.tsx";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from "../../components/menu.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
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
  /** Nothing was asked of the page yet, so that the default view may take its place. */
  isUntouched: boolean;
  open: (view: SavedView) => void;
};

/** The views of a page: open one, save what is shown, rename, share, delete, or begin with it. */
export function ViewMenu({ page, pages = [page], state, viewId, isUntouched, open }: MenuProps) {
  const { can } = useProject();
  const { views, isReady } = useViews(pages);
  const [dialog, setDialog] = useState<"new" | "rename">();
  const [defaultId, setDefault] = useDefaultView(pages[0] ?? page);
  const view = views.find(({ id }) => id === viewId);
  const isChanged = view !== undefined && !isSameState(view, state);
  useBeginWith(isReady && isUntouched ? views.find(({ id }) => id === defaultId) : undefined, open);
  if (!can("boards:read")) return null;
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
        {views.length === 0 && <MenuLabel>No view is saved yet</MenuLabel>}
        <ViewGroup label="Mine" views={views.filter(({ isShared }) => !isShared)} {...{ viewId, defaultId, open }} />
        <ViewGroup label="Shared" views={views.filter(({ isShared }) => isShared)} {...{ viewId, defaultId, open }} />
        {can("boards:write") && (
          <>
            <MenuLine />
            {view && isChanged && <ChangedItems {...{ view, state, page, open }} />}
            <MenuItem icon={<Plus size={14} />} onSelect={() => setDialog("new")}>
              Save as a new view…
            </MenuItem>
            {view && <ViewItems {...{ view, rename: () => setDialog("rename") }} />}
          </>
        )}
        {view && (
          <MenuItem
            icon={<Star size={14} />}
            onSelect={() => {
              const isDefault = view.id === defaultId;
              setDefault(isDefault ? "" : view.id);
              toastDone(isDefault ? "This page opens as it was again" : `This page opens with “${view.name}” for you`);
            }}
          >
            {view.id === defaultId ? "Do not open with it" : "Open with it by default"}
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

/** Opens a page that nothing was asked of with its default view, once. */
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
        <MenuChoice key={view.id} isChosen={view.id === viewId} onSelect={() => open(view)}>
          <span className="flex items-center gap-1.5" title={view.filter || undefined}>
            <span className="truncate">{view.name}</span>
            {view.id === defaultId && <Star aria-label="opens by default" size={12} className="shrink-0 text-muted" />}
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
          replace.mutate(
            { ...inputOf(view), ...state, page, id: view.id },
            { onSuccess: () => toastDone(`“${view.name}” is saved`) },
          )
        }
      >
        Save the changes
      </MenuItem>
      <MenuItem icon={<RotateCcw size={14} />} onSelect={() => open(view)}>
        Go back to it as saved
      </MenuItem>
    </>
  );
}

function ViewItems({ view, rename }: { view: SavedView; rename: () => void }) {
  const { replace, remove } = useViewChanges();
  const share = () =>
    replace.mutate(
      { ...inputOf(view), isShared: !view.isShared, id: view.id },
      {
        onSuccess: () =>
          toastDone(
            view.isShared ? `Only you see “${view.name}” now` : `Everybody in the project sees “${view.name}” now`,
          ),
      },
    );
  return (
    <>
      <MenuItem icon={<Pencil size={14} />} onSelect={rename}>
        Rename…
      </MenuItem>
      {view.isOwn && (
        <MenuItem icon={view.isShared ? <Lock size={14} /> : <Users size={14} />} onSelect={share}>
          {view.isShared ? "Keep it to myself" : "Share in the project"}
        </MenuItem>
      )}
      <MenuItem icon={<Trash2 size={14} />} isDanger onSelect={() => remove.mutate(view)}>
        Delete
      </MenuItem>
    </>
  );
}
