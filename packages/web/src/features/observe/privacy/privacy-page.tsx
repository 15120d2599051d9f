import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { useProject } from "../../system/session/index.ts";
import { PrivacyForm } from "./privacy-form.tsx";
import { usePrivacy } from "./use-privacy.ts";

/** What is removed from the project's traces before they are stored. */
export function PrivacyPage() {
  const project = useProject();
  const settings = usePrivacy();
  if (settings.error && !settings.data) return <ErrorState error={settings.error} retry={() => settings.refetch()} />;
  if (!settings.data) return <Skeleton className="h-64 rounded-card" />;
  return <PrivacyForm key={project.id} stored={settings.data} canWrite={project.can("projects:write")} />;
}
