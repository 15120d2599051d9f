import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "../form/button.tsx";

export type DialogProps = {
  title: string;
  description?: ReactNode;
  close: () => void;
  children: ReactNode;
  width?: "narrow" | "normal" | "wide" | "full";
};
const WIDTHS = { narrow: "max-w-105", normal: "max-w-140", wide: "max-w-190", full: "max-w-280" } as const;

/** The buttons under a form in a dialog; they stay visible in a long form. */
export function DialogActions({ children }: { children: ReactNode }) {
  return (
    <div className="sticky -bottom-5 z-1 col-span-full -mx-5 -mb-5 flex flex-wrap justify-end gap-2 rounded-b-card border-line border-t bg-panel px-5 py-3">
      {children}
    </div>
  );
}

/** A window over the page that holds the focus until it is closed. Mount it to open it. */
export function Dialog({ title, description, close, children, width = "normal" }: DialogProps) {
  return (
    <Radix.Root open onOpenChange={(isOpen) => !isOpen && close()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          {...(!description && { "aria-describedby": undefined })}
          className={`card fixed top-[8vh] left-1/2 z-40 flex max-h-[84vh] w-[calc(100vw-24px)] -translate-x-1/2 flex-col border-line-strong shadow-2xl shadow-scrim/30 outline-none ${WIDTHS[width]}`}
        >
          <div className="flex items-start gap-2 px-5 pt-4 pb-3">
            <div className="min-w-0 grow">
              <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
              {description && (
                <Radix.Description className="mt-0.5 text-muted text-pretty">{description}</Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <IconButton label="Close">
                <X size={16} />
              </IconButton>
            </Radix.Close>
          </div>
          <div className="min-h-0 overflow-y-auto px-5 pb-5">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
