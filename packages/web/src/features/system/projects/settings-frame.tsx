import { Outlet } from "@tanstack/react-router";
import { PageHeader } from "../../../components/layout/page.tsx";
import { Subpages } from "../../../components/layout/subpages.tsx";
import { useProject } from "../session/index.ts";

const PAGES = [
  { to: "/settings", label: "API keys", isExact: true, needs: "keys:read" },
  { to: "/settings/members", label: "Members", needs: "members:read" },
  { to: "/settings/project", label: "Project", needs: "projects:read" },
  { to: "/settings/privacy", label: "Privacy", needs: "projects:read" },
  { to: "/settings/status", label: "Status page", needs: "projects:read" },
  { to: "/settings/compute", label: "Compute", needs: "compute:read" },
  { to: "/settings/evaluations", label: "Evaluations", needs: "experiments:read" },
  { to: "/settings/deployments", label: "Deployments", needs: "models:read" },
  { to: "/settings/notifications", label: "Notifications", needs: "notifications:read" },
  { to: "/settings/forwarding", label: "Forwarding", needs: "forwarding:read" },
  { to: "/settings/exports", label: "Exports", needs: "exports:read" },
  { to: "/settings/jobs", label: "Jobs", needs: "jobs:read" },
  { to: "/settings/audit", label: "Audit log", needs: "audit:read" },
  { to: "/settings/system", label: "System", needs: "system:read" },
] as const;
const ACCOUNT = { to: "/settings/account", label: "Account" } as const;

/** The settings pages. Shows only pages that the user can open. */
export function SettingsFrame() {
  const project = useProject();
  const pages = [...PAGES.filter(({ needs }) => project.can(needs)), ACCOUNT];
  return (
    <>
      <PageHeader
        title="Settings"
        description={`Settings of the project ${project.name}, the server and your account.`}
      >
        <Subpages label="Settings" pages={pages} />
      </PageHeader>
      <div className="flex max-w-270 flex-col gap-4 px-6 pt-2 pb-8 max-md:px-4">
        <Outlet />
      </div>
    </>
  );
}
