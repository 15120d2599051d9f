import { formatCount, formatNumberOf } from "../../components/format.ts";
import { ToQueueButton } from "../to-queue/index.ts";

/** Each is read whole when it comes in. */
const MOST = 200;

/** Whole conversations for people to answer questions about. */
export function SessionsToQueue({ sessionIds }: { sessionIds: readonly string[] }) {
  if (sessionIds.length > MOST)
    return <span className="text-xs text-muted">{formatCount(MOST)} at most go to a queue at once</span>;
  return (
    <ToQueueButton
      body={{ from: "sessions", sessionIds: [...sessionIds] }}
      what={formatNumberOf(sessionIds.length, "session")}
    />
  );
}
