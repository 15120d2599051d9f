import type { ComponentProps, ReactNode } from "react";

const KINDS = {
  primary: "bg-accent text-on-accent border-accent hover:brightness-110 disabled:hover:brightness-100 font-medium",
  plain: "bg-panel text-text border-line-strong hover:bg-raised",
  quiet: "bg-transparent text-muted border-transparent hover:bg-raised hover:text-text",
  danger: "bg-panel text-bad border-line-strong hover:bg-bad-soft hover:border-bad",
} as const;
const SIZES = { normal: "h-8 px-3 gap-1.5", small: "h-7 px-2 gap-1 text-xs" } as const;

/** The classes of a button, for links that look like one. */
export const buttonLook = (kind: keyof typeof KINDS = "plain", size: keyof typeof SIZES = "normal") =>
  `inline-flex shrink-0 items-center justify-center whitespace-nowrap rounded-control border transition-[background-color,border-color,filter] duration-150 disabled:opacity-55 ${SIZES[size]} ${KINDS[kind]}`;

/** Hides the text next to an icon where the container is narrow, such as next to an open trace. */
export const WHERE_ROOMY = "md:@max-4xl:sr-only";

type ButtonProps = ComponentProps<"button"> & {
  kind?: keyof typeof KINDS;
  size?: keyof typeof SIZES;
  isBusy?: boolean;
};

/** `isBusy` does not change the width and the label, so that the layout is stable while the request runs. */
export function Button({ kind, size, isBusy, className = "", disabled, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || isBusy}
      aria-busy={isBusy || undefined}
      className={`${buttonLook(kind, size)} ${className}`}
    >
      {isBusy && <Spinner />}
      {children}
    </button>
  );
}

type IconButtonProps = Omit<ComponentProps<"button">, "aria-label"> & {
  label: string;
  size?: "normal" | "small";
  children: ReactNode;
};

/** A button that is only an icon; `label` names it for screen readers and on hover. */
export function IconButton({ label, size = "normal", className = "", ...rest }: IconButtonProps) {
  const look = size === "small" ? "size-6" : "size-8";
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={`inline-flex shrink-0 items-center justify-center rounded-control text-muted transition-colors duration-150 hover:bg-raised hover:text-text disabled:opacity-40 ${look} ${className}`}
    />
  );
}

/** A small spinner next to the text that names the pending work. */
export function Spinner() {
  return (
    <span
      aria-hidden
      className="size-3.5 shrink-0 animate-spin rounded-full border-[1.5px] border-current border-t-transparent"
    />
  );
}
