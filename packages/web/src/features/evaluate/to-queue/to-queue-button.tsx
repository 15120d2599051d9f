import { ListChecks } from "lucide-react";
import { useState } from "react";
import { explain } from "../../../api.ts";
import { toastFailed } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { useProject } from "../../system/session/index.ts";
import { ToQueueDialog } from "./to-queue-dialog.tsx";
import type { ItemsBody } from "./use-to-queue.ts";

type ButtonProps = {
  /** The items for the queue; a function is called when the button is pressed. */
  body: ItemsBody | (() => Promise<ItemsBody>);
  /** A description of the items, such as `3 spans`. */
  what: string;
  label?: string;
  size?: "small" | "normal";
  /** Shows only the icon. */
  isIcon?: boolean;
};

/** Sends items to an annotation queue. */
export function ToQueueButton({ body, what, label = "Add to queue", size = "small", isIcon = false }: ButtonProps) {
  const { can } = useProject();
  const [opened, setOpened] = useState<ItemsBody>();
  const [isLoading, setIsLoading] = useState(false);
  async function open() {
    setIsLoading(true);
    try {
      setOpened(typeof body === "function" ? await body() : body);
    } catch (error) {
      toastFailed("The items could not be loaded", explain(error));
    } finally {
      setIsLoading(false);
    }
  }
  if (!can("annotation:write")) return null;
  return (
    <>
      <Button
        size={isIcon ? "normal" : size}
        aria-label={label}
        title={`Send ${what} to an annotation queue`}
        isBusy={isLoading}
        onClick={open}
        className={isIcon ? "w-8 px-0!" : ""}
      >
        <ListChecks aria-hidden size={isIcon || size === "normal" ? 14 : 12} className="text-muted" />{" "}
        {!isIcon && label}
      </Button>
      {opened && <ToQueueDialog body={opened} what={what} close={() => setOpened(undefined)} />}
    </>
  );
}
