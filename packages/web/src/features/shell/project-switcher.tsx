import { useNavigate } from "@tanstack/react-router";
import { ChevronsUpDown } from "lucide-react";
import { Menu, MenuChoice, MenuLabel } from "../../components/menu.tsx";
import { Wheel } from "../../components/wordmark.tsx";
import { useProject } from "../session/index.ts";

/** Which project the pages show. Switching keeps the page and drops what belonged to the other project. */
export function ProjectSwitcher() {
  const project = useProject();
  const navigate = useNavigate();
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
    <Menu trigger={trigger}>
      <MenuLabel>Projects</MenuLabel>
      {project.projects.map((candidate) => (
        <MenuChoice key={candidate.id} isChosen={candidate.id === project.id} onSelect={() => open(candidate.id)}>
          <span className="block truncate">{candidate.name}</span>
          <span className="block text-xs text-muted">
            {candidate.isSample ? "Sample data" : `You are ${candidate.role}`}
          </span>
        </MenuChoice>
      ))}
    </Menu>
  );
}
