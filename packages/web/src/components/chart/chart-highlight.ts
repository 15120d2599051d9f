import { createContext, useContext, useMemo, useState } from "react";

/** The label of the highlighted line of a card, and its setter. */
export type Highlight = { readonly label: string | undefined; readonly point: (label: string | undefined) => void };

/** Shared by the labels of a card and its drawing. */
export const HighlightContext = createContext<Highlight>({ label: undefined, point: () => {} });

export const useHighlight = (): Highlight => useContext(HighlightContext);

export function useHighlightState(): Highlight {
  const [label, point] = useState<string>();
  return useMemo(() => ({ label, point }), [label]);
}
