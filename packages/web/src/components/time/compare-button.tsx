import { GitCompareArrows } from "lucide-react";
import { Button } from "../form/button.tsx";
import { previousLabel, type RangeSearch } from "./time-range.ts";

type CompareProps = { isCompared: boolean; range: RangeSearch; onChange: (isCompared: boolean) => void };

/** Shows or hides the previous period next to the selected one. */
export function CompareButton({ isCompared, range, onChange }: CompareProps) {
  return (
    <Button
      aria-pressed={isCompared}
      onClick={() => onChange(!isCompared)}
      title={`Compare with ${previousLabel(range)} (c)`}
      className="aria-pressed:border-accent! aria-pressed:bg-accent-soft!"
    >
      <GitCompareArrows aria-hidden size={14} /> Compare
    </Button>
  );
}
