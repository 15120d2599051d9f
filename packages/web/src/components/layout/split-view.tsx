import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from "react";
import { useMedia } from "../browser/media.ts";
import { useStored } from "../browser/stored-state.ts";

const BESIDE = "(min-width: 1100px)";
const START = 58;

type SplitProps = { name: string; first: ReactNode; second: ReactNode };

/** Two panes with a movable divider: side by side where there is room, otherwise stacked. */
export function SplitView({ name, first, second }: SplitProps) {
  const isBeside = useMedia(BESIDE);
  const [share, setShare] = useStored(`split-${name}`, START);
  const box = useRef<HTMLDivElement>(null);
  const set = (next: number) => setShare(Math.round(Math.min(80, Math.max(25, next)) * 10) / 10);
  function onPointerMove(event: PointerEvent<HTMLElement>) {
    const bounds = box.current?.getBoundingClientRect();
    if (!bounds || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    set(((event.clientX - bounds.left) / bounds.width) * 100);
  }
  function onKeyDown(event: KeyboardEvent) {
    const by = event.key === "ArrowLeft" ? -2 : event.key === "ArrowRight" ? 2 : 0;
    if (by === 0) return;
    event.preventDefault();
    set(share + by);
  }
  if (!isBeside)
    return (
      <div className="flex min-h-0 grow flex-col">
        <div className="h-[46%] shrink-0 border-line border-b">{first}</div>
        <div className="min-h-0 grow">{second}</div>
      </div>
    );
  return (
    <div ref={box} className="flex min-h-0 grow">
      <div className="min-w-0 shrink-0" style={{ width: `${share}%` }}>
        {first}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a separator that can be moved, which no element is. */}
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label="Width of the tree"
        aria-valuenow={share}
        aria-valuemin={25}
        aria-valuemax={80}
        tabIndex={0}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={onPointerMove}
        onDoubleClick={() => set(START)}
        onKeyDown={onKeyDown}
        className="relative z-1 -mx-1 w-2 shrink-0 cursor-col-resize touch-none after:absolute after:inset-y-0 after:left-1/2 after:w-px after:bg-line hover:after:bg-line-strong focus-visible:after:bg-accent"
      />
      <div className="min-w-0 grow">{second}</div>
    </div>
  );
}
