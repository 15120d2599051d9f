import { Lock } from "lucide-react";
import { useProject } from "./use-project.ts";

/** Says why a page shows no inputs and outputs. Nothing for a user who can read them. */
export function ContentHidden({ className = "" }: { className?: string }) {
  if (useProject().can("traces:content")) return null;
  return (
    <p role="note" className={`flex items-start gap-2 text-muted ${className}`}>
      <Lock aria-hidden size={14} className="mt-0.5 shrink-0" />
      <span>
        You do not have permission to read the content of traces. Ask an admin of the project to make you a member.
      </span>
    </p>
  );
}
