import { useRouter } from "@tanstack/react-router";
import type { MouseEvent, ReactNode } from "react";

/** A link to a page of the app whose path comes from the server. */
export function PathLink({
  path,
  children,
  className = "",
}: {
  path: string;
  children: ReactNode;
  className?: string;
}) {
  const { history } = useRouter();
  function open(event: MouseEvent) {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    history.push(path);
  }
  return (
    <a href={path} onClick={open} className={`[overflow-wrap:anywhere] underline ${className}`}>
      {children}
    </a>
  );
}
