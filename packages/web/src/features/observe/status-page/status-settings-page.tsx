import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { useProject } from "../../system/session/index.ts";
import { NotesSection } from "./notes-section.tsx";
import { StatusForm } from "./status-form.tsx";
import { useStatusPage } from "./use-status-page.ts";

/** The public status page of the project: its settings and its notes. */
export function StatusSettingsPage() {
  const project = useProject();
  const page = useStatusPage();
  if (page.error && !page.data) return <ErrorState error={page.error} retry={() => page.refetch()} />;
  if (!page.data) return <Skeleton className="h-64 rounded-card" />;
  return (
    <>
      <StatusForm
        key={`${project.id} ${page.data.updatedAt}`}
        stored={page.data}
        canWrite={project.can("projects:write")}
      />
      {project.can("incidents:read") && <NotesSection components={page.data.components.map(({ name }) => name)} />}
    </>
  );
}
