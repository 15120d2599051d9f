import { ListChecks } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { useProject } from "../session/index.ts";
import { ToQueueDialog } from "./to-queue-dialog.tsx";
import type { ItemsBody } from "./use-to-queue.ts";

type ButtonProps = {
  /** What goes into the queue. */
  body: ItemsBody;
  /** What it is in words, such as `3 spans`. */
  what: string;
  label?: string;
  size?: "small" | "normal";
  /** Only its picture, in a row of such. */
  isIcon?: boolean;
};

/** Lets people answer questions about what is listed or selected. */
export function ToQueueButton({ body, what, label = "To a queue", size = "small", isIcon = false }: ButtonProps) {
  const { can } = useProject();
  const [isOpen, setIsOpen] = useState(false);
  if (!can("annotation:write")) return null;
  return (
    <>
      <Button
        size={isIcon ? "normal" : size}
        aria-label={label}
        title={`Have people answer questions about ${what}`}
        onClick={() => setIsOpen(true)}
        className={isIcon ? "w-8 px-0!" : ""}
      >
        <ListChecks aria-hidden size={isIcon || size === "normal" ? 14 : 12} className="text-muted" />{" "}
        {!isIcon && label}
      </Button>
      {isOpen && <ToQueueDialog body={body} what={what} close={() => setIsOpen(false)} />}
    </>
  );
}
