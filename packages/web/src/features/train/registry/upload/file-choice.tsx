import { FileUp } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { Button } from "../../../../components/form/button.tsx";
import { formatBytes, formatNumberOf } from "../../../../components/text/format.ts";
import { type ChosenFile, filesDropped, filesOf } from "./chosen-files.ts";

type ChoiceProps = {
  files: readonly ChosenFile[];
  error: string | undefined;
  onChoose: (files: readonly ChosenFile[]) => void;
};
const SHOWN = 6;

/** The files of a model: dropped, or chosen as files or a folder. */
export function FileChoice({ files, error, onChoose }: ChoiceProps) {
  const single = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  function drop(event: DragEvent) {
    event.preventDefault();
    setIsOver(false);
    void filesDropped(event.dataTransfer).then(onChoose);
  }
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  return (
    <div className="flex flex-col gap-1">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an alternative; the buttons inside work with the keyboard. */}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
        className={`flex flex-col items-center gap-2 rounded-card border border-dashed px-4 py-5 text-center ${isOver ? "border-accent bg-accent-soft" : "border-line-strong"}`}
      >
        {files.length === 0 ? (
          <p className="flex items-center gap-2 text-muted">
            <FileUp aria-hidden size={16} /> Drop files or a folder here
          </p>
        ) : (
          <div className="w-full text-left">
            <p className="num font-medium">
              {formatNumberOf(files.length, "file")}, {formatBytes(total)}
            </p>
            <ul aria-label="Chosen files" className="text-muted">
              {files.slice(0, SHOWN).map(({ path, file }) => (
                <li key={path} className="flex justify-between gap-3">
                  <span className="min-w-0 [overflow-wrap:anywhere]">{path}</span>
                  <span className="num whitespace-nowrap">{formatBytes(file.size)}</span>
                </li>
              ))}
              {files.length > SHOWN && <li>and {files.length - SHOWN} more</li>}
            </ul>
          </div>
        )}
        <div className="flex flex-wrap justify-center gap-2">
          <Button size="small" onClick={() => single.current?.click()}>
            Choose files
          </Button>
          <Button size="small" onClick={() => folder.current?.click()}>
            Choose folder
          </Button>
        </div>
        <input
          ref={single}
          type="file"
          multiple
          aria-label="Files"
          tabIndex={-1}
          onChange={({ target }) => onChoose(filesOf(target.files))}
          className="sr-only"
        />
        <input
          ref={folder}
          type="file"
          aria-label="Folder"
          tabIndex={-1}
          onChange={({ target }) => onChoose(filesOf(target.files))}
          className="sr-only"
          // React's types lack this attribute.
          {...{ webkitdirectory: "" }}
        />
      </div>
      {error && (
        <p role="alert" className="text-xs text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
