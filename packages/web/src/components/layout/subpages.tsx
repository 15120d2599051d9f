import { Link, type LinkProps, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

type SubpagesProps = { label: string; pages: readonly { to: LinkProps["to"]; label: string; isExact?: boolean }[] };

/** The sections of a page, each with a separate URL. */
export function Subpages({ label, pages }: SubpagesProps) {
  const nav = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // On a phone the row is longer than the screen; where one is should not be outside of it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked for again on each page.
  useEffect(() => {
    const shown = nav.current?.querySelector<HTMLElement>("[aria-current=page]");
    if (nav.current && shown)
      nav.current.scrollLeft = shown.offsetLeft - (nav.current.clientWidth - shown.offsetWidth) / 2;
  }, [path]);
  return (
    <nav
      ref={nav}
      aria-label={label}
      className="relative -mx-6 flex gap-5 overflow-x-auto border-line border-b px-6 max-md:-mx-4 max-md:px-4"
    >
      {pages.map((page) => (
        <Link
          key={page.label}
          to={page.to}
          activeOptions={{ exact: page.isExact ?? false, includeSearch: false }}
          className="-mb-px flex h-9 shrink-0 items-center border-transparent border-b-2 text-muted hover:text-text aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-text"
          activeProps={{ "aria-current": "page" }}
        >
          {page.label}
        </Link>
      ))}
    </nav>
  );
}
