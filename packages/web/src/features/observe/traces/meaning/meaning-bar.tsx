import { Sparkles, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, IconButton, WHERE_ROOMY } from "../../../../components/form/button.tsx";
import { isMeaning, MOST_CHARACTERS } from "./meaning-search.ts";

/** Opens the line that takes a sentence, or leads back from what it found. */
export function MeaningButton({ isOn, toggle }: { isOn: boolean; toggle: () => void }) {
  return (
    <Button
      aria-pressed={isOn}
      title={isOn ? "Back to the list" : "Search spans by meaning (m)"}
      onClick={toggle}
      className={isOn ? "border-accent! bg-accent-soft! text-accent!" : ""}
    >
      <Sparkles aria-hidden size={14} className={isOn ? "" : "text-muted"} />{" "}
      <span className={WHERE_ROOMY}>By meaning</span>
    </Button>
  );
}

type BarProps = {
  /** What is looked for right now; empty before the first search. */
  text: string;
  find: (text: string) => void;
  close: () => void;
  /** Goes up whenever the line is to be written in. */
  focus: number;
};

/** One line for a sentence, with what it does. Enter looks for it and leaves the line, so that j and k move through the rows. */
export function MeaningBar({ text, find, close, focus }: BarProps) {
  const [typed, setTyped] = useState(text);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (focus > 0) input.current?.select();
  }, [focus]);
  return (
    <search className="block px-6 pb-3 max-md:px-4">
      <form
        className="flex items-center gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isMeaning(typed)) return;
          input.current?.blur();
          find(typed.trim());
        }}
      >
        <div className="control flex min-w-0 grow items-center gap-1.5 pr-1 focus-within:border-accent!">
          <Sparkles aria-hidden size={14} className="shrink-0 text-muted" />
          <input
            ref={input}
            dir="auto"
            aria-label="Search by meaning"
            aria-describedby="meaning-note"
            value={typed}
            maxLength={MOST_CHARACTERS}
            onChange={({ target }) => setTyped(target.value)}
            onKeyDown={({ key, currentTarget }) => {
              if (key !== "Escape") return;
              if (text === "" && typed === "") close();
              else setTyped(text);
              currentTarget.blur();
            }}
            placeholder="Describe it in a sentence: customers who want their money back"
            className="min-w-0 grow bg-transparent text-ellipsis outline-none"
          />
          <IconButton size="small" label="Close search by meaning" onClick={close}>
            <X size={14} />
          </IconButton>
        </div>
        <Button type="submit" kind="primary" disabled={!isMeaning(typed)}>
          Search
        </Button>
      </form>
      <p id="meaning-note" className={text === "" ? "mt-1 px-1 text-xs text-muted text-pretty" : "sr-only"}>
        Compares your words with the inputs and outputs that match the filter and time range. The search runs on this
        server, and no text leaves it. It works best in English.
      </p>
    </search>
  );
}
