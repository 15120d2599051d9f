import { Link, type LinkProps } from "@tanstack/react-router";

type SubpagesProps = { label: string; pages: readonly { to: LinkProps["to"]; label: string; isExact?: boolean }[] };

/** The parts of one page, each with an address of its own. */
export function Subpages({ label, pages }: SubpagesProps) {
  return (
    <nav
      aria-label={label}
      className="-mx-6 flex gap-5 overflow-x-auto border-line border-b px-6 max-md:-mx-4 max-md:px-4"
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
