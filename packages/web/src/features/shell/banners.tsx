import { Link } from "@tanstack/react-router";
import { KeyRound, X } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../../components/button.tsx";
import { useProject, useSession } from "../session/index.ts";

/** What a person should know on every page: that they have no password yet, and that the numbers are made up. */
export function Banners() {
  const session = useSession();
  const project = useProject();
  const [isHidden, setIsHidden] = useState(false);
  const isPasswordMissing = session.data !== undefined && !session.data.user.hasPassword && !isHidden;
  if (!isPasswordMissing && !project.isSample) return null;
  return (
    <section aria-label="Notices">
      {isPasswordMissing && (
        <p className="flex items-center gap-2 border-line border-b bg-warn-soft px-4 py-1.5">
          <KeyRound aria-hidden size={14} className="shrink-0 text-warn" />
          <span className="grow">
            You came in by a one-time link.{" "}
            <Link to="/settings/account" className="font-medium underline underline-offset-2">
              Set an email and a password
            </Link>{" "}
            to be able to come back.
          </span>
          <IconButton label="Hide until the next visit" size="small" onClick={() => setIsHidden(true)}>
            <X size={14} />
          </IconButton>
        </p>
      )}
      {project.isSample && (
        <p className="border-line border-b bg-accent-soft px-4 py-1.5 text-accent">
          <strong className="font-semibold">Sample data.</strong>{" "}
          <span className="max-sm:hidden">Treadle made these calls up, so that every page has something to show. </span>
          Nothing here is your traffic.
        </p>
      )}
    </section>
  );
}
