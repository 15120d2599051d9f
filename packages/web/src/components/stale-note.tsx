import { CircleAlert } from "lucide-react";
import { explain } from "../api.ts";
import { formatTime } from "./format.ts";

type StaleProps = {
  /** Why loading again failed; nothing is shown without it. */
  error: unknown;
  /** When the numbers that are shown were loaded, in milliseconds. */
  loadedAt: number;
  retry: () => void;
};

/** Numbers that could not be loaded again stay, and say of when they are. */
export function StaleNote({ error, loadedAt, retry }: StaleProps) {
  if (!error) return null;
  return (
    <span role="status" className="inline-flex items-center gap-1 text-xs text-warn" title={explain(error)}>
      <CircleAlert aria-hidden size={12} className="shrink-0" /> not loaded since{" "}
      {formatTime(new Date(loadedAt).toISOString())}
      <button type="button" onClick={retry} className="underline underline-offset-2">
        Try again
      </button>
    </span>
  );
}
