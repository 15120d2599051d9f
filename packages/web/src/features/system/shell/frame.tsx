import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useKeys } from "../../../components/browser/keys.ts";
import { useDensity, useTheme } from "../../../components/browser/theme.ts";
import { Skeleton } from "../../../components/feedback/states.tsx";
import { useProject } from "../session/index.ts";
import { Banners } from "./banners.tsx";
import { Navigation } from "./navigation.tsx";
import { ALL_PAGES } from "./pages.ts";
import { PhoneHeader } from "./phone-header.tsx";

const loadPalette = () => import("./command-palette.tsx");
const CommandPalette = lazy(() => loadPalette().then((module) => ({ default: module.CommandPalette })));
const DeletedProject = lazy(() =>
  import("./deleted-project.tsx").then((module) => ({ default: module.DeletedProject })),
);
const KeysDialog = lazy(() => import("./keys-dialog.tsx").then((module) => ({ default: module.KeysDialog })));

/** What surrounds every page: navigation at the left, banners above, the page in the rest. */
export function Frame() {
  useTheme();
  useDensity();
  const [isDrawerOpen, setIsDrawerOpen] = useState(false);
  const [dialog, setDialog] = useState<"palette" | "keys" | "none">("none");
  const project = useProject();
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawer closes whenever the page changes.
  useEffect(() => setIsDrawerOpen(false), [path]);
  useFrameKeys(setDialog);
  // Prefetched while idle, so that the first letters typed after ⌘K are not lost.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette(), 1_500);
    return () => clearTimeout(timer);
  }, []);

  return (
    <div className="flex h-full flex-col md:flex-row">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-control focus:bg-panel focus:px-3 focus:py-2"
      >
        Skip to content
      </a>
      <PhoneHeader openNavigation={() => setIsDrawerOpen(true)} />
      <Navigation
        isDrawerOpen={isDrawerOpen}
        close={() => setIsDrawerOpen(false)}
        openPalette={() => setDialog("palette")}
        openKeys={() => setDialog("keys")}
      />
      <div className="flex min-h-0 min-w-0 grow flex-col">
        <Banners />
        <main id="content" tabIndex={-1} className="relative min-h-0 grow overflow-y-auto outline-none">
          <Suspense>{project.state === "deleted" ? <DeletedProject /> : <Outlet />}</Suspense>
        </main>
      </div>
      <Suspense>
        {dialog === "palette" && <CommandPalette close={() => setDialog("none")} />}
        {dialog === "keys" && <KeysDialog close={() => setDialog("none")} />}
      </Suspense>
    </div>
  );
}

function useFrameKeys(setDialog: (dialog: "palette" | "keys") => void) {
  const navigate = useNavigate();
  useKeys("Global", [
    { keys: "mod+k", label: "Search pages and actions", run: () => setDialog("palette") },
    { keys: "?", label: "Show keyboard shortcuts", run: () => setDialog("keys") },
    ...ALL_PAGES.flatMap((page) =>
      "keys" in page
        ? [{ keys: page.keys, label: `Go to ${page.label}`, run: () => void navigate({ to: page.to }) }]
        : [],
    ),
  ]);
}

/** The skeleton of the frame while the session loads. */
export function FrameSkeleton() {
  return (
    <div className="flex h-full">
      <div className="hidden w-13 shrink-0 flex-col gap-4 border-line border-r bg-panel p-4 md:flex lg:w-54">
        {[0, 1, 2, 3, 4].map((row) => (
          <Skeleton key={row} className="h-5 w-full" />
        ))}
      </div>
      <div className="grow p-6">
        <Skeleton className="h-6 w-40" />
        <Skeleton className="mt-6 h-64 w-full" />
      </div>
    </div>
  );
}
