import { Outlet } from "@tanstack/react-router";
import { PageHeader } from "../../../components/layout/page.tsx";
import { Subpages } from "../../../components/layout/subpages.tsx";
import { useProject } from "../../system/session/index.ts";

const PAGES = [
  { to: "/explore", label: "Group by", isExact: true },
  { to: "/explore/compare", label: "Compare" },
  { to: "/explore/sql", label: "SQL" },
] as const;

/** Questions of one's own: numbers by any group, two sets of spans side by side, and SQL. */
export function ExploreFrame() {
  const { can } = useProject();
  return (
    <div className="flex min-h-full flex-col">
      <PageHeader title="Explore" description="Group spans by any field, compare two sets of spans, or run SQL.">
        <Subpages label="Explore" pages={PAGES.filter(({ to }) => to !== "/explore/sql" || can("sql:read"))} />
      </PageHeader>
      <div className="flex grow flex-col gap-3 px-6 pt-1 pb-8 max-md:px-4">
        <Outlet />
      </div>
    </div>
  );
}
