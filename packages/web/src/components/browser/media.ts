import { useSyncExternalStore } from "react";

/** Whether a media query holds right now. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    () => matchMedia(query).matches,
  );
}

/** A phone, where a table becomes a list of two-line rows. */
export const NARROW = "(max-width: 767px)";
