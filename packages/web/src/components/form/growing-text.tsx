import type { ComponentProps } from "react";

/** A text area that grows with its text, up to half the window. */
export function GrowingText({ className = "", ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea
      rows={1}
      {...rest}
      className={`control field-sizing-content h-auto max-h-[50vh] min-h-8 w-full min-w-0 grow resize-none py-1.5 leading-normal ${className}`}
    />
  );
}
