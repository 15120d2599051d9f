import { type RefObject, useRef } from "react";
import { useKeys } from "../browser/keys.ts";

/** j and k move the focus through the links of a short table that carry `data-row`; Enter then opens one as any link. */
export function useRowKeys(title: string): RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null);
  const step = (by: 1 | -1) => {
    const links = [...(box.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
    const at = links.findIndex((link) => link.matches(":focus"));
    links[Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
  };
  useKeys(title, [
    { keys: "j", label: "Next row", run: () => step(1) },
    { keys: "k", label: "Previous row", run: () => step(-1) },
  ]);
  return box;
}
