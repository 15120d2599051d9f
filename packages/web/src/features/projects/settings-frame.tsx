import { Outlet } from "@tanstack/react-router";
import { PageHeader } from "../../components/page.tsx";
import { Subpages } from "../../components/subpages.tsx";
import { useProject } from "../session/index.ts";

const PAGES = [
  { to: "/settings", label: "API keys", isExact: true, needs: "keys:read" },
  { to: "/settings/members", label: "Members", needs: "members:read" },
  { to: "/settings/project", label: "Project", needs: "projects:read" },
  { to: "/settings/evaluations", label: "Evaluations", needs: "experiments:read" },
  { to: "/settings/forwarding", label: "Forwarding", needs: "forwarding:read" },
  { to: "/settings/exports", label: "Exports", needs: "forwarding:read" },
  { to: "/settings/jobs", label: "Jobs", needs: "jobs:read" },
  { to: "/settings/audit", label: "Audit log", needs: "audit:read" },
  { to: "/settings/system", label: "System", needs: "system:read" },
] as const;
const ACCOUNT = { to: "/settings/account", label: "Account" } as const;

/** Who may do what, and how the server is doing. Shows only what this person may see. */
export function SettingsFrame() {
  const project = useProject();
  const pages = [...PAGES.filter(({ needs }) => project.can(needs)), ACCOUNT];
  return (
    <>
      <PageHeader title="Settings" description={`Of the project ${project.name}, of the server, and of your account.`}>
        <Subpages label="Settings" pages={pages} />
      </PageHeader>
      <div className="flex max-w-270 flex-col gap-4 px-6 pt-2 pb-8 max-md:px-4">
        <Outlet />
      </div>
    </>
  );
}
