import { CircleAlert, CircleCheck, Upload } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { Button } from "../../../../components/form/button.tsx";
import { Field, TextArea } from "../../../../components/form/field.tsx";
import type { Reading } from "./read-dashboard.ts";

type BoxProps = {
  text: string;
  onChange: (text: string) => void;
  reading: Reading;
  /** Whether errors are shown; hidden until the user has typed. */
  isTried: boolean;
};

/** The JSON of a dashboard: pasted, chosen as a file or dropped, with what is wrong with it in words. */
export function JsonBox({ text, onChange, reading, isTried }: BoxProps) {
  const file = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const [failure, setFailure] = useState("");
  const load = async (chosen: File | undefined) => {
    if (!chosen) return;
    setFailure("");
    try {
      onChange(await chosen.text());
    } catch {
      setFailure(`${chosen.name} could not be read. Choose the file again.`);
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    void load(event.dataTransfer.files[0]);
  };
  const isWrong = "problem" in reading && (isTried || text.trim() !== "");
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a file can also be chosen with the button.
    <div
      className="flex flex-col gap-2"
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <Field label="JSON" help="Paste the JSON of an exported dashboard or drop a file here.">
        {(field) => (
          <TextArea
            {...field}
            value={text}
            aria-invalid={isWrong || undefined}
            rows={14}
            onChange={({ target }) => onChange(target.value)}
            className={`font-mono text-xs! max-md:h-52 ${isOver ? "border-accent! bg-accent-soft!" : ""}`}
            placeholder={'{ "format": "treadle-dashboard", … }'}
          />
        )}
      </Field>
      <input
        ref={file}
        type="file"
        accept="application/json,.json"
        aria-label="Dashboard file"
        className="sr-only"
        tabIndex={-1}
        onChange={({ target }) => {
          void load(target.files?.[0]);
          target.value = "";
        }}
      />
      <div className="flex flex-wrap items-start gap-3">
        <Button size="small" onClick={() => file.current?.click()}>
          <Upload aria-hidden size={14} /> Choose file
        </Button>
        <div className="min-w-60 grow basis-0 pt-0.5" aria-live="polite">
          {failure ? (
            <Wrong problem={failure} mistakes={[]} />
          ) : isWrong ? (
            <Wrong {...reading} />
          ) : (
            "file" in reading && (
              <p className="flex items-start gap-1.5">
                <CircleCheck aria-hidden size={14} className="mt-0.5 shrink-0 text-good" />
                <span className="min-w-0 break-words">
                  “{reading.file.name}”, {chartsOf(reading.file.charts.length)}
                </span>
              </p>
            )
          )}
        </div>
      </div>
    </div>
  );
}

export const chartsOf = (count: number): string => (count === 1 ? "1 chart" : `${count} charts`);

const MOST_SHOWN = 6;

function Wrong({ problem, mistakes }: { problem: string; mistakes: readonly string[] }) {
  const more = mistakes.length - MOST_SHOWN;
  return (
    <div className="flex items-start gap-1.5 text-bad">
      <CircleAlert aria-hidden size={14} className="mt-0.5 shrink-0" />
      <div className="min-w-0">
        <p className="break-words">{problem}</p>
        {mistakes.length > 0 && (
          <ul className="mt-1 list-disc pl-4 text-xs">
            {mistakes.slice(0, MOST_SHOWN).map((mistake) => (
              <li key={mistake} className="break-words">
                {mistake}
              </li>
            ))}
            {more > 0 && <li>and {more} more</li>}
          </ul>
        )}
      </div>
    </div>
  );
}
