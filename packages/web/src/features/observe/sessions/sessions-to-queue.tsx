import { formatCount, formatNumberOf } from "../../../components/text/format.ts";
import { ToQueueButton } from "../../evaluate/to-queue/index.ts";

/** Each session is read completely when it is added. */
const MOST = 200;

/** Adds whole conversations to an annotation queue. */
export function SessionsToQueue({ sessionIds }: { sessionIds: readonly string[] }) {
  if (sessionIds.length > MOST)
    return <span className="text-xs text-muted">{formatCount(MOST)} is the limit for one queue request</span>;
  return (
    <ToQueueButton
      body={{ from: "sessions", sessionIds: [...sessionIds] }}
      what={formatNumberOf(sessionIds.length, "session")}
    />
  );
}
