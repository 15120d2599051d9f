import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { buttonLook } from "../../components/button.tsx";
import { PageHeader } from "../../components/page.tsx";
import { Subpages } from "../../components/subpages.tsx";
import { useProject } from "../session/index.ts";
import { TrainerNote } from "./trainer-note.tsx";

const PAGES = [
  { to: "/training", label: "Runs", isExact: true },
  { to: "/training/sweeps", label: "Searches" },
] as const;

/** What training shares: single runs, and searches over their settings. */
export function TrainingFrame() {
  const { can } = useProject();
  const isSweeps = useRouterState({ select: ({ location }) => location.pathname.startsWith("/training/sweeps") });
  return (
    <>
      <PageHeader
        title="Training"
        description="A base model learns from a version of a dataset, on this machine. What comes out is compared with the base and can be served at once."
        action={
          can("training:write") &&
          (isSweeps ? (
            <Link to="/training/sweeps/new" className={buttonLook("primary")}>
              <Plus aria-hidden size={14} /> New search
            </Link>
          ) : (
            <Link to="/training/new" className={buttonLook("primary")}>
              <Plus aria-hidden size={14} /> New run
            </Link>
          ))
        }
      >
        <div className="-mb-3">
          <Subpages label="Training" pages={PAGES} />
        </div>
      </PageHeader>
      <div className="flex flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
        <TrainerNote />
        <Outlet />
      </div>
    </>
  );
}
