import type { KeyboardEvent, ReactNode } from "react";

type TabsProps<Name extends string> = {
  label: string;
  names: readonly Name[];
  /** The title of each name; the name itself when left out. */
  words?: Readonly<Record<Name, string>>;
  shown: Name;
  onShow: (name: Name) => void;
  /** A small element next to a name, such as a count. */
  note?: (name: Name) => ReactNode;
};

/** One row of names, one of them shown. The arrow keys move between them. */
export function Tabs<Name extends string>({ label, names, words, shown, onShow, note }: TabsProps<Name>) {
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = names[(names.indexOf(shown) + by + names.length) % names.length];
    if (by === 0 || next === undefined) return;
    event.preventDefault();
    onShow(next);
    event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]")[names.indexOf(next)]?.focus();
  }
  return (
    <div role="tablist" aria-label={label} onKeyDown={onKeyDown} className="flex gap-4 border-line border-b">
      {names.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          aria-selected={name === shown}
          tabIndex={name === shown ? 0 : -1}
          onClick={() => onShow(name)}
          className="-mb-px inline-flex h-8 items-center gap-1.5 border-transparent border-b-2 text-muted hover:text-text aria-selected:border-accent aria-selected:font-medium aria-selected:text-text"
        >
          {words?.[name] ?? name}
          {note?.(name)}
        </button>
      ))}
    </div>
  );
}
