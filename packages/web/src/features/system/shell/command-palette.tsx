import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { CornerDownLeft, FileSearch, FolderOpen, Moon, Sun } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useState } from "react";
import { useTheme } from "../../../components/browser/theme.ts";
import { useProject } from "../session/index.ts";
import { ALL_PAGES } from "./pages.ts";
import { PAGE_WORDS, SUBPAGES } from "./palette-pages.ts";

const TRACE_ID = /^[0-9a-f]{32}$/;

/** ⌘K: all pages and projects, a trace by id, and the theme. */
export function CommandPalette({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const project = useProject();
  const [, setTheme] = useTheme();
  const [query, setQuery] = useState("");
  const traceId = query.trim().toLowerCase();
  const run = (action: () => unknown) => () => {
    close();
    action();
  };
  const pages = ALL_PAGES.filter((page) => !("needs" in page) || project.can(page.needs));
  const subpages = SUBPAGES.filter((page) => !("needs" in page) || project.can(page.needs));
  return (
    <Radix.Root open onOpenChange={(isOpen) => !isOpen && close()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          className="card fixed top-[12vh] left-1/2 z-40 w-[calc(100vw-24px)] max-w-140 -translate-x-1/2 overflow-hidden border-line-strong shadow-2xl shadow-scrim/30"
        >
          <Radix.Title className="sr-only">Search pages and actions</Radix.Title>
          <Command label="Search pages and actions" loop>
            <Command.Input
              autoFocus
              value={query}
              onValueChange={setQuery}
              placeholder="Go to a page, a project, a trace id…"
              className="h-12 w-full border-line border-b bg-transparent px-4 text-base outline-none"
            />
            <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-6 text-center text-muted">
                No matches. Enter a full trace id to open its trace.
              </Command.Empty>
              {TRACE_ID.test(traceId) && (
                <Item
                  value={`trace ${query}`}
                  icon={<FileSearch size={16} />}
                  onSelect={run(() => navigate({ to: "/traces/$traceId", params: { traceId } }))}
                >
                  Open trace <code>{traceId.slice(0, 12)}…</code>
                </Item>
              )}
              <Group heading="Pages">
                {pages.map((page) => (
                  <Item
                    key={page.label}
                    value={`${page.label} ${PAGE_WORDS[page.to]}`}
                    icon={<page.icon size={16} />}
                    onSelect={run(() => navigate({ to: page.to }))}
                  >
                    {page.label}
                  </Item>
                ))}
                {subpages.map((page) => (
                  <Item
                    key={page.label}
                    value={`${page.label} ${page.words}`}
                    icon={<CornerDownLeft size={16} />}
                    onSelect={run(() => navigate({ to: page.to }))}
                  >
                    {page.label}
                  </Item>
                ))}
              </Group>
              <Group heading="Projects">
                {project.projects.map((candidate) => (
                  <Item
                    key={candidate.projectId}
                    value={`project ${candidate.name} ${candidate.projectId}`}
                    icon={<FolderOpen size={16} />}
                    onSelect={run(() => {
                      project.remember(candidate.projectId);
                      void navigate({ to: ".", search: { project: candidate.projectId } });
                    })}
                  >
                    {candidate.name}
                  </Item>
                ))}
              </Group>
              <Group heading="Appearance">
                <Item value="light theme look" icon={<Sun size={16} />} onSelect={run(() => setTheme("light"))}>
                  Light theme
                </Item>
                <Item value="dark theme look" icon={<Moon size={16} />} onSelect={run(() => setTheme("dark"))}>
                  Dark theme
                </Item>
              </Group>
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted"
    >
      {children}
    </Command.Group>
  );
}

function Item({
  value,
  icon,
  onSelect,
  children,
}: {
  value: string;
  icon: ReactNode;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-9 cursor-pointer items-center gap-2.5 rounded-control px-2.5 data-[selected=true]:bg-raised"
    >
      <span className="text-muted">{icon}</span>
      <span className="truncate">{children}</span>
    </Command.Item>
  );
}
