import { useEffect, useRef } from "react";

/** Reads a list once more when it is no longer live, because the last results came after the last reading. */
export function useAtEnd(isLive: boolean, refetch: () => unknown) {
  const wasLive = useRef(isLive);
  useEffect(() => {
    if (wasLive.current && !isLive) refetch();
    wasLive.current = isLive;
  }, [isLive, refetch]);
}
