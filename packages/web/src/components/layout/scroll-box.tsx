import type { ReactNode } from "react";

type BoxProps = { label: string; className?: string; height?: number; children: ReactNode };

/** A named box with its own scroll bar; it takes the focus, so that it can be scrolled by keyboard. */
export function ScrollBox({ label, className = "", height, children }: BoxProps) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled box must be reachable to be scrolled by keyboard.
      tabIndex={0}
      className={`overflow-auto focus-visible:-outline-offset-1 ${className}`}
      style={{ height }}
    >
      {children}
    </section>
  );
}
