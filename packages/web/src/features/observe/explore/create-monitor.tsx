import { Link } from "@tanstack/react-router";
import { BellRing } from "lucide-react";
import { buttonLook } from "../../../components/form/button.tsx";
import { useProject } from "../../system/session/index.ts";

type LinkProps = { measure: string; dimensions: readonly string[]; filter: string | undefined };

/** Opens the form of a monitor with the sorted measure, the first group and the filter of the table. */
export function CreateMonitor({ measure, dimensions, filter }: LinkProps) {
  const canWrite = useProject().can("monitors:write");
  if (!canWrite) return null;
  const group = dimensions.find((name) => name !== "time");
  return (
    <Link
      to="/monitors/new"
      search={{ measure, ...(group && { group }), ...(filter && { filter }) }}
      className={buttonLook("plain", "small")}
    >
      <BellRing aria-hidden size={12} /> Create monitor
    </Link>
  );
}
