import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

type MenuProps = {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
  side?: "top" | "bottom" | "right";
};

/** A menu that opens from its trigger, moved through with the arrow keys and by typing. */
export function Menu({ trigger, children, align = "start", side = "bottom" }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className="card z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 max-w-80 animate-[rise-in_120ms_ease-out] overflow-y-auto border-line-strong p-1 shadow-lg shadow-scrim/20"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const ITEM =
  "flex min-h-8 cursor-pointer items-center gap-2 rounded-control px-2 py-1 outline-none select-none data-highlighted:bg-raised data-disabled:cursor-not-allowed data-disabled:opacity-50";

type ItemProps = {
  onSelect: () => void;
  children: ReactNode;
  icon?: ReactNode;
  isDanger?: boolean;
  isDisabled?: boolean;
};

export function MenuItem({ onSelect, children, icon, isDanger = false, isDisabled = false }: ItemProps) {
  return (
    <DropdownMenu.Item onSelect={onSelect} disabled={isDisabled} className={`${ITEM} ${isDanger ? "text-bad" : ""}`}>
      {icon && <span className="shrink-0 text-muted">{icon}</span>}
      <span className="min-w-0 grow">{children}</span>
    </DropdownMenu.Item>
  );
}

/** One of several; the chosen one carries a tick. */
export function MenuChoice({
  onSelect,
  children,
  isChosen,
}: {
  onSelect: () => void;
  children: ReactNode;
  isChosen: boolean;
}) {
  return (
    <DropdownMenu.CheckboxItem checked={isChosen} onSelect={onSelect} className={ITEM}>
      <span className="min-w-0 grow">{children}</span>
      <Check aria-hidden size={14} className={`shrink-0 text-accent ${isChosen ? "" : "invisible"}`} />
    </DropdownMenu.CheckboxItem>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-2 pt-1.5 pb-1 text-xs text-muted">{children}</DropdownMenu.Label>;
}

export function MenuLine() {
  return <DropdownMenu.Separator className="-mx-1 my-1 h-px bg-line" />;
}
