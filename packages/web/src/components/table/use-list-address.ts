import { useRouter } from "@tanstack/react-router";
import { useRef } from "react";
import { stepOf } from "./list-address.ts";

type Options = { readonly replace: boolean; readonly resetScroll: boolean };

/**
 * How a page changes its address when something opens next to its list. Opening adds a history entry, so that Back
 * closes it. Closing goes back there if the list is unchanged. `keys` are the parameters of the open item; the first is
 * its id.
 */
export function useListAddress<Search extends object>(
  search: Search,
  keys: readonly (keyof Search & string)[],
  go: (next: Search, options: Options) => void,
): (next: Search, isNewPlace?: boolean) => void {
  const openedFrom = useRef<string>(undefined);
  const { history } = useRouter();
  return (next, isNewPlace = false) => {
    const step = stepOf({ search, next, keys, openedFrom: openedFrom.current });
    openedFrom.current = step.openedFrom;
    if (step.type === "back") history.back();
    else go(next, { replace: !isNewPlace && step.type === "replace", resetScroll: isNewPlace });
  };
}
