import { Database } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { Button } from "../../../../components/form/button.tsx";
import { type RangeSearch, resolveRange } from "../../../../components/time/time-range.ts";
import { ToDatasetDialog } from "../../../data/to-dataset/index.ts";
import { useProject } from "../../../system/session/index.ts";
import { addCondition, type TraceFilter } from "../../filter/index.ts";

type Select = ComponentProps<typeof ToDatasetDialog>["select"];
type ButtonProps = { select: Select /** Only its picture, in a row of such. */; isIcon?: boolean };

/** Turns what is listed or selected into items of a dataset. */
export function ToDatasetButton({ select, isIcon = false }: ButtonProps) {
  const { can } = useProject();
  const [isOpen, setIsOpen] = useState(false);
  if (!can("datasets:write") || !can("traces:content")) return null;
  return (
    <>
      <Button
        size={isIcon ? "normal" : "small"}
        aria-label="Add to dataset"
        title="Add these rows to a dataset"
        onClick={() => setIsOpen(true)}
        className={isIcon ? "w-8 px-0!" : ""}
      >
        <Database aria-hidden size={isIcon ? 14 : 12} className="text-muted" /> {!isIcon && "Add to dataset"}
      </Button>
      {isOpen && <ToDatasetDialog select={select} close={() => setIsOpen(false)} />}
    </>
  );
}

/** The model calls in whole traces, because they have the requests and answers. */
export const ofTraces = (traceIds: readonly string[]): Select => ({
  filter: addCondition(`(${traceIds.map((traceId) => `trace:${traceId}`).join(" OR ")})`, "kind:generation"),
});

/** What a list shows, in the time that it shows. */
export function ofList({ filter = "" }: TraceFilter, range: RangeSearch, what: "traces" | "spans"): Select {
  return { filter: what === "traces" ? addCondition(filter, "kind:generation") : filter, ...resolveRange(range) };
}
