import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { buttonLook } from "../../../../components/form/button.tsx";
import { PageHeader } from "../../../../components/layout/page.tsx";
import { Subpages } from "../../../../components/layout/subpages.tsx";
import { useProject } from "../../../system/session/index.ts";
import { TrainerNote } from "../shared/trainer-note.tsx";

const PAGES = [
  { to: "/training", label: "Runs", isExact: true },
  { to: "/training/sweeps", label: "Sweeps" },
] as const;

/** The frame of the training pages: runs and sweeps. */
export function TrainingFrame() {
  const { can } = useProject();
  const isSweeps = useRouterState({ select: ({ location }) => location.pathname.startsWith("/training/sweeps") });
  return (
    <>
      <PageHeader
        title="Training"
        description="Train a base model on a version of a dataset. You can compare the result with the base model and serve it immediately."
        action={
          can("training:write") &&
          (isSweeps ? (
            <Link to="/training/sweeps/new" className={buttonLook("primary")}>
              <Plus aria-hidden size={14} /> New sweep
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
