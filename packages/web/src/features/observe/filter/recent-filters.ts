import { useStored } from "../../../components/browser/stored-state.ts";
import { useProject } from "../../system/session/index.ts";

const NONE: readonly string[] = [];
const KEPT = 8;

/** The filters this person used last in this project, newest first, kept in this browser. */
export function useRecentFilters() {
  const { id } = useProject();
  const [recent, set] = useStored(`filters.${id}`, NONE);
  return { recent, remember: (filter: string) => filter && set(withNewest(recent, filter)) };
}

/** The list with one filter on top; longer forms of the same beginning replace the shorter. */
export function withNewest(recent: readonly string[], filter: string): readonly string[] {
  const [last] = recent;
  const rest = last !== undefined && filter.startsWith(`${last} `) ? recent.slice(1) : recent;
  return [filter, ...rest.filter((other) => other !== filter)].slice(0, KEPT);
}
