import { Link, Outlet } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { buttonLook } from "../../../components/form/button.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { Subpages } from "../../../components/layout/subpages.tsx";
import { useProject } from "../../system/session/index.ts";

const PAGES = [
  { to: "/experiments", label: "Experiments", isExact: true },
  { to: "/experiments/leaderboard", label: "Leaderboard" },
  { to: "/experiments/plan", label: "Sample size" },
] as const;

/** The frame of the experiment pages: the list, the leaderboard, and the sample size planner. */
export function ExperimentsFrame() {
  const { can } = useProject();
  return (
    <>
      <PageHeader
        title="Experiments"
        description="Run prompts and models on the same items, score the answers, and compare them with intervals and tests."
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
