import { Popover as Radix } from "radix-ui";
import type { ReactNode } from "react";

type PopoverProps = {
  trigger: ReactNode;
  label: string;
  children: ReactNode;
  isOpen: boolean;
  setIsOpen: (isOpen: boolean) => void;
  align?: "start" | "end";
};

/** A small panel next to its trigger, for a form that does not fit in a menu. */
export function Popover({ trigger, label, children, isOpen, setIsOpen, align = "start" }: PopoverProps) {
  return (
    <Radix.Root open={isOpen} onOpenChange={setIsOpen}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          className="card z-40 max-h-(--radix-popover-content-available-height) max-w-[calc(100vw-16px)] animate-[rise-in_120ms_ease-out] overflow-y-auto border-line-strong shadow-lg shadow-scrim/20 outline-none"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
