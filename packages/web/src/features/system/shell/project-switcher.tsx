import { useNavigate } from "@tanstack/react-router";
import { ChevronsUpDown, Plus } from "lucide-react";
import { useState } from "react";
import { Wheel } from "../../../components/layout/wordmark.tsx";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from "../../../components/overlay/menu.tsx";
import { type CurrentProject, useProject } from "../session/index.ts";
import { NewProjectDialog } from "./new-project-dialog.tsx";

/** Switches the project. The page stays, but parameters of the other project are dropped. */
export function ProjectSwitcher() {
  const project = useProject();
  const navigate = useNavigate();
  const [isCreating, setIsCreating] = useState(false);
  function open(projectId: string) {
    project.remember(projectId);
    void navigate({ to: ".", search: { project: projectId } });
  }
  const trigger = (
    <button
      type="button"
      title={project.name}
      aria-label={`Project: ${project.name}`}
      className="mb-1 flex h-10 w-full items-center gap-2.5 rounded-control px-1.5 hover:bg-raised data-[state=open]:bg-raised md:max-lg:justify-center"
    >
      <Wheel size={22} />
      <span className="min-w-0 grow truncate text-left font-semibold md:max-lg:hidden">
        {project.name || "No project"}
      </span>
      <ChevronsUpDown aria-hidden size={14} className="shrink-0 text-muted md:max-lg:hidden" />
    </button>
  );
  return (
    <>
      <Menu trigger={trigger}>
        <MenuLabel>Projects</MenuLabel>
        {project.projects.map((candidate) => (
          <MenuChoice
            key={candidate.projectId}
            isChosen={candidate.projectId === project.id}
            onSelect={() => open(candidate.projectId)}
          >
            <span className="block truncate">{candidate.name}</span>
            <span className="block text-xs text-muted">{describe(candidate)}</span>
          </MenuChoice>
        ))}
        {project.can("projects:manage") && (
          <>
            <MenuLine />
            <MenuItem icon={<Plus size={14} />} onSelect={() => setIsCreating(true)}>
              New project
            </MenuItem>
          </>
        )}
      </Menu>
      {isCreating && <NewProjectDialog open={open} close={() => setIsCreating(false)} />}
    </>
  );
}

function describe({ state, isSample, role }: CurrentProject["projects"][number]): string {
  if (state === "archived") return "Archived";
  if (state === "deleted") return "Deleted, can be restored";
  return isSample ? "Sample data" : `You are ${role}`;
}
