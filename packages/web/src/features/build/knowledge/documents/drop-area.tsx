import { FileUp } from "lucide-react";
import { type DragEvent, type ReactNode, useState } from "react";

type AreaProps = {
  /** Undefined without permission. */
  onFiles: ((files: readonly File[]) => void) | undefined;
  children: ReactNode;
};

const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer.types.includes("Files");

/** A part of a page on which files can be dropped. The upload button does the same by keyboard. */
export function DropArea({ onFiles, children }: AreaProps) {
  const [isOver, setIsOver] = useState(false);
  if (!onFiles) return children;
  function over(event: DragEvent) {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setIsOver(true);
  }
  function leave({ currentTarget, relatedTarget }: DragEvent<HTMLElement>) {
    // Moving onto a child also leaves the area.
    if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setIsOver(false);
  }
  function drop(event: DragEvent) {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setIsOver(false);
    onFiles?.(filesIn(event.dataTransfer));
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an alternative to the upload button.
    <div onDragOver={over} onDragLeave={leave} onDrop={drop} className="relative flex min-h-[60vh] flex-col gap-4">
      {children}
      {isOver && <DropHint />}
    </div>
  );
}

const DropHint = () => (
  <div className="pointer-events-none absolute inset-0 z-10 flex flex-col items-center rounded-card border-2 border-accent border-dashed bg-accent-soft/90 pt-24">
    <FileUp aria-hidden size={24} className="text-accent" />
    <p className="mt-3 text-base font-medium">Drop files to upload them</p>
  </div>
);

/** The files of a drop. A folder among them is left out: the browser gives it as a file that cannot be read. */
const filesIn = ({ items }: DataTransfer): readonly File[] =>
  [...items]
    .filter((item) => item.kind === "file" && item.webkitGetAsEntry()?.isDirectory !== true)
    .flatMap((item) => item.getAsFile() ?? []);
