import { Link, type LinkProps } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { type ReactNode, useEffect } from "react";

type HeaderProps = {
  title: string;
  description?: ReactNode;
  /** The back link above the title of a detail page. */
  back?: ReactNode;
  /** Something small right after the title, such as a copy button. */
  beside?: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
};

/**
 * The title, one line of what the page is, at most one primary action, and the filters under them. Names the browser
 * tab too.
 */
export function PageHeader({ title, description, back, beside, action, children }: HeaderProps) {
  useEffect(() => {
    document.title = `${title} · Treadle`;
  }, [title]);
  return (
    <header className="flex flex-col gap-3 px-6 pt-5 pb-3 max-md:px-4 max-md:pt-4">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 max-md:items-center max-md:justify-start max-md:gap-x-2">
        <div className="min-w-0 max-md:grow">
          {back}
          <div className="flex items-center gap-1">
            <h1
              dir="auto"
              className="line-clamp-2 min-w-0 text-left text-xl font-semibold tracking-tight [overflow-wrap:anywhere]"
              title={title.length > 40 ? title : undefined}
            >
              {title}
            </h1>
            {beside}
          </div>
          {description && <p className="mt-0.5 max-w-170 text-muted text-pretty">{description}</p>}
        </div>
        {/* On a phone, the first one is next to a short title. */}
        {action && <div className="flex flex-wrap items-center gap-2 max-md:contents">{action}</div>}
      </div>
      {children}
    </header>
  );
}

/** The link from a detail page back to its list. */
export function BackLink({ to, label }: { to: LinkProps["to"]; label: string }) {
  return (
    <Link to={to} className="inline-flex items-center gap-1 text-xs text-muted hover:text-text">
      <ArrowLeft aria-hidden size={12} /> {label}
    </Link>
  );
}

type SectionProps = Pick<HeaderProps, "title" | "description" | "action" | "children"> & { className?: string };

/** A titled part of a page, as a card. */
export function Section({ title, description, action, children, className = "" }: SectionProps) {
  return (
    <section aria-label={title} className={`card flex min-w-0 flex-col ${className}`}>
      <div className="flex flex-wrap items-center justify-between gap-2 px-4 pt-3 pb-2">
        <div className="min-w-0 grow basis-60">
          <h2 dir="auto" className="text-left font-semibold [overflow-wrap:anywhere]">
            {title}
          </h2>
          {description && <p className="text-muted text-pretty [overflow-wrap:anywhere]">{description}</p>}
        </div>
        {action && <div className="flex items-center gap-2">{action}</div>}
      </div>
      {children}
    </section>
  );
}
