import { Link } from "@tanstack/react-router";
import { History } from "lucide-react";
import { buttonLook } from "../../../../components/form/button.tsx";
import { type RangeSearch, resolveRange } from "../../../../components/time/time-range.ts";
import { useProject } from "../../../system/session/index.ts";
import type { TraceFilter } from "../../filter/index.ts";

type LinkProps = { filter: TraceFilter; range: RangeSearch };

/** Sends what is listed through another variant, model or prompt. */
export function ReplayLink({ filter: { filter = "" }, range }: LinkProps) {
  const { can } = useProject();
  if (!can("experiments:write") || !can("traces:content")) return null;
  return (
    <Link
      to="/replays/new"
      search={{ filter, ...resolveRange(range) }}
      aria-label="Replay these"
      title="Replay these calls with another variant, model or prompt"
      className={`${buttonLook("plain")} w-8 px-0! max-md:hidden`}
    >
      <History aria-hidden size={14} className="text-muted" />
    </Link>
  );
}
