import { Link, type LinkProps, useLocation } from "@tanstack/react-router";
import { Keyboard, type LucideIcon, Search } from "lucide-react";
import { lazy, type ReactNode, type RefObject, Suspense, useEffect, useRef } from "react";
import { printKeys, useKeys } from "../../../components/browser/keys.ts";
import { NARROW, useMedia } from "../../../components/browser/media.ts";
import { InboxBell } from "../inbox/index.ts";
import { useProject } from "../session/index.ts";
import { NAVIGATION, SETTINGS } from "./pages.ts";

// Menus load after the first paint, which they would delay by a fifth.
const ProjectSwitcher = lazy(() =>
  import("./project-switcher.tsx").then((module) => ({ default: module.ProjectSwitcher })),
);
const AccountMenu = lazy(() => import("./account-menu.tsx").then((module) => ({ default: module.AccountMenu })));

type NavigationProps = { isDrawerOpen: boolean; close: () => void; openPalette: () => void; openKeys: () => void };

/** 216 px with labels; icons only below 1100 px; a drawer below 768 px. */
export function Navigation({ isDrawerOpen, close, openPalette, openKeys }: NavigationProps) {
  const project = useProject();
  // A phone has the bell in its header.
  const isPhone = useMedia(NARROW);
  const list = useRef<HTMLDivElement>(null);
  useCurrentInView(list);
  const groups = NAVIGATION.map((group) => ({
    ...group,
    pages: group.pages.filter((page) => project.can(page.needs)),
  }));
  return (
    <>
      {isDrawerOpen && <DrawerScrim close={close} />}
      <nav
        aria-label="Main"
        data-drawer={isDrawerOpen || undefined}
        className="group/nav z-40 flex shrink-0 flex-col gap-1 border-line border-r bg-panel px-2 py-3 max-md:invisible max-md:fixed max-md:inset-y-0 max-md:left-0 max-md:w-64 max-md:-translate-x-full max-md:transition-[translate,visibility] max-md:duration-150 max-md:data-drawer:visible max-md:data-drawer:translate-x-0 md:w-13 lg:w-54"
      >
        <Suspense fallback={<div className="mb-1 h-10 shrink-0" />}>
          <ProjectSwitcher />
        </Suspense>
        <NavButton icon={Search} label="Search" hint={printKeys("mod+k")} onClick={openPalette} />
        <div ref={list} className="flex min-h-0 grow flex-col gap-3 overflow-y-auto pt-2">
          {groups.map(
            (group) =>
              group.pages.length > 0 && (
                <div key={group.job}>
                  <h2 className="px-2 pb-1 text-xs text-muted md:max-lg:sr-only">{group.job}</h2>
                  <ul className="flex flex-col gap-px">
                    {group.pages.map((page) => (
                      <li key={page.to}>
                        <NavLink to={page.to} icon={page.icon} label={page.label} />
                      </li>
                    ))}
                  </ul>
                </div>
              ),
          )}
        </div>
        <div className="flex flex-col gap-px border-line border-t pt-2">
          {!isPhone && (
            <Suspense fallback={<div className="h-8" />}>
              <InboxBell />
            </Suspense>
          )}
          <NavLink to={SETTINGS.to} icon={SETTINGS.icon} label={SETTINGS.label} />
          <NavButton icon={Keyboard} label="Shortcuts" hint="?" onClick={openKeys} />
          <Suspense fallback={<div className="h-9" />}>
            <AccountMenu />
          </Suspense>
        </div>
      </nav>
    </>
  );
}

/** On a low screen the list scrolls, and the link of the current page stays visible. */
function useCurrentInView(list: RefObject<HTMLDivElement | null>) {
  const area = useLocation({ select: ({ pathname }) => pathname.split("/")[1] });
  // New browsers return a promise, which is no clean-up of an effect.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the current link changes with the page
  useEffect(
    () => void list.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: "nearest" }),
    [area],
  );
}

/** Behind the open drawer; a click or Escape closes it. */
function DrawerScrim({ close }: { close: () => void }) {
  useKeys("Navigation", [{ keys: "Escape", label: "Close navigation", run: close }]);
  return (
    <button
      type="button"
      aria-label="Close navigation"
      onClick={close}
      className="fixed inset-0 z-30 bg-scrim md:hidden"
    />
  );
}

const ROW =
  "flex h-8 w-full items-center gap-2.5 rounded-control px-2 text-muted transition-colors duration-150 hover:bg-raised hover:text-text md:max-lg:justify-center";

/** A label that the icon rail hides, but screen readers read. */
function Label({ children }: { children: ReactNode }) {
  return <span className="min-w-0 grow truncate text-left md:max-lg:sr-only">{children}</span>;
}

function NavLink({ to, icon: Icon, label }: { to: LinkProps["to"]; icon: LucideIcon; label: string }) {
  return (
    <Link
      to={to}
      title={label}
      activeOptions={{ exact: to === "/", includeSearch: false }}
      className={ROW}
      activeProps={{ className: "bg-accent-soft! text-accent! font-medium", "aria-current": "page" }}
    >
      <Icon aria-hidden size={16} className="shrink-0" />
      <Label>{label}</Label>
    </Link>
  );
}

function NavButton({
  icon: Icon,
  label,
  hint,
  onClick,
}: {
  icon: LucideIcon;
  label: string;
  hint: string;
  onClick: () => void;
}) {
  return (
    <button type="button" title={`${label} (${hint})`} onClick={onClick} className={ROW}>
      <Icon aria-hidden size={16} className="shrink-0" />
      <Label>{label}</Label>
      <kbd className="text-xs text-muted md:max-lg:hidden max-md:hidden">{hint}</kbd>
    </button>
  );
}
