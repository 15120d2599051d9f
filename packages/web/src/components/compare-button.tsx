import { GitCompareArrows } from "lucide-react";
import { Button } from "./button.tsx";
import { previousLabel, type RangeSearch } from "./time-range.ts";

type CompareProps = { isCompared: boolean; range: RangeSearch; onChange: (isCompared: boolean) => void };

/** Lays the span of time just before beside the one that is looked at, or takes it away. */
export function CompareButton({ isCompared, range, onChange }: CompareProps) {
  return (
    <Button
      aria-pressed={isCompared}
      onClick={() => onChange(!isCompared)}
      title={`Beside ${previousLabel(range)} (c)`}
      className="aria-pressed:border-accent! aria-pressed:bg-accent-soft!"
    >
      <GitCompareArrows aria-hidden size={14} /> Compare
    </Button>
  );
}
