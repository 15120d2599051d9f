import { Link } from "@tanstack/react-router";
import { Archive, KeyRound, X } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../../../components/form/button.tsx";
import { useProject, useSession } from "../session/index.ts";

/** Notices on every page: no password yet, archived project, sample data. */
export function Banners() {
  const session = useSession();
  const project = useProject();
  const [isHidden, setIsHidden] = useState(false);
  const isPasswordMissing = session.data !== undefined && !session.data.user.hasPassword && !isHidden;
  const isArchived = project.state === "archived";
  if (!isPasswordMissing && !project.isSample && !isArchived) return null;
  return (
    <section aria-label="Notices">
      {isPasswordMissing && (
        <p className="flex items-center gap-2 border-line border-b bg-warn-soft px-4 py-1.5">
          <KeyRound aria-hidden size={14} className="shrink-0 text-warn" />
          <span className="grow">
            You signed in with a one-time link.{" "}
            <Link to="/settings/account" className="font-medium underline underline-offset-2">
              Set an email and a password
            </Link>{" "}
            to sign in again later.
          </span>
          <IconButton label="Hide until the next visit" size="small" onClick={() => setIsHidden(true)}>
            <X size={14} />
          </IconButton>
        </p>
      )}
      {isArchived && (
        <p className="flex items-center gap-2 border-line border-b bg-warn-soft px-4 py-1.5">
          <Archive aria-hidden size={14} className="shrink-0 text-warn" />
          <span className="grow">
            <strong className="font-semibold">{project.name} is archived.</strong> You can read it. Changes, traces and
            gateway calls are rejected.{" "}
            {project.can("projects:write") && (
              <Link to="/settings/project" className="font-medium underline underline-offset-2">
                Restore it
              </Link>
            )}
          </span>
        </p>
      )}
      {project.isSample && (
        <p className="border-line border-b bg-accent-soft px-4 py-1.5 text-accent">
          <strong className="font-semibold">Sample data.</strong>{" "}
          <span className="max-sm:hidden">Treadle generated these calls so that every page has data. </span>
          None of this is your traffic.
        </p>
      )}
    </section>
  );
}
