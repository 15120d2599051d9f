import { CircleAlert } from "lucide-react";
import { explain } from "../../api.ts";
import { formatTime } from "../text/format.ts";

type StaleProps = {
  /** The refresh error; the note is hidden without one. */
  error: unknown;
  /** When the shown numbers were loaded, in milliseconds. */
  loadedAt: number;
  retry: () => void;
};

/** A note next to numbers that failed to refresh, with the time they were loaded. */
export function StaleNote({ error, loadedAt, retry }: StaleProps) {
  if (!error) return null;
  return (
    <span role="status" className="inline-flex items-center gap-1 text-xs text-warn" title={explain(error)}>
      <CircleAlert aria-hidden size={12} className="shrink-0" /> last loaded at{" "}
      {formatTime(new Date(loadedAt).toISOString())}
      <button type="button" onClick={retry} className="underline underline-offset-2">
        Retry
      </button>
    </span>
  );
}
