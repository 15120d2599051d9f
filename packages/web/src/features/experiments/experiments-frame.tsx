import { Link, Outlet } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { buttonLook } from "../../components/button.tsx";
import { PageHeader } from "../../components/page.tsx";
import { Subpages } from "../../components/subpages.tsx";
import { useProject } from "../session/index.ts";

const PAGES = [
  { to: "/experiments", label: "Experiments", isExact: true },
  { to: "/experiments/leaderboard", label: "Leaderboard" },
  { to: "/experiments/plan", label: "Power planner" },
] as const;

/** What experiments share: the list of them, who leads, and how many items one needs. */
export function ExperimentsFrame() {
  const { can } = useProject();
  return (
    <>
      <PageHeader
        title="Experiments"
        description="Prompts and models answer the same items; the answers are scored and compared, with intervals and tests instead of a bare mean."
        action={
          can("experiments:write") && (
            <Link to="/experiments/new" className={buttonLook("primary")}>
              <Plus aria-hidden size={14} /> New experiment
            </Link>
          )
        }
      >
        <div className="-mb-3">
          <Subpages label="Experiments" pages={PAGES} />
        </div>
      </PageHeader>
      <div className="flex flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
        <Outlet />
      </div>
    </>
  );
}
