import { Database } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { Button } from "../../components/button.tsx";
import { type RangeSearch, resolveRange } from "../../components/time-range.ts";
import { addCondition, type TraceFilter } from "../filter/index.ts";
import { useProject } from "../session/index.ts";
import { ToDatasetDialog } from "../to-dataset/index.ts";

type Select = ComponentProps<typeof ToDatasetDialog>["select"];
type ButtonProps = { select: Select /** Only its picture, in a row of such. */; isIcon?: boolean };

/** Turns what is listed or selected into items of a dataset. */
export function ToDatasetButton({ select, isIcon = false }: ButtonProps) {
  const { can } = useProject();
  const [isOpen, setIsOpen] = useState(false);
  if (!can("datasets:write")) return null;
  return (
    <>
      <Button
        size={isIcon ? "normal" : "small"}
        aria-label="To a dataset"
        title="Make items of a dataset from these"
        onClick={() => setIsOpen(true)}
        className={isIcon ? "w-8 px-0!" : ""}
      >
        <Database aria-hidden size={isIcon ? 14 : 12} className="text-muted" /> {!isIcon && "To a dataset"}
      </Button>
      {isOpen && <ToDatasetDialog select={select} close={() => setIsOpen(false)} />}
    </>
  );
}

/** The calls of models in whole traces, since these hold what was asked and answered. */
export const ofTraces = (traceIds: readonly string[]): Select => ({
  filter: addCondition(`(${traceIds.map((traceId) => `trace:${traceId}`).join(" OR ")})`, "kind:generation"),
});

/** What a list shows, in the time that it shows. */
export function ofList({ filter = "" }: TraceFilter, range: RangeSearch, what: "traces" | "spans"): Select {
  return { filter: what === "traces" ? addCondition(filter, "kind:generation") : filter, ...resolveRange(range) };
}
