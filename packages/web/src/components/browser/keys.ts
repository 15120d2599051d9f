import { useEffect, useRef } from "react";

/**
 * A key of the page: `j`, `?`, `Escape`, `mod+k` (⌘ on a Mac, Ctrl elsewhere), `mod+shift+z`, or two in a row such as
 * `g t`.
 */
export type KeyBinding = { readonly keys: string; readonly label: string; readonly run: () => void };
type Group = { title: string; bindings: readonly KeyBinding[] };

const groups = new Set<{ current: Group }>();
let pending: { key: string; at: number } | undefined;

export const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Text fields have their own undo and redo. */
const OF_TEXT = /^mod\+(shift\+)?[zy]$/;

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** The binding notation of an event. */
function nameOf(event: KeyboardEvent): string {
  const hasModifier = event.metaKey || event.ctrlKey;
  return hasModifier ? `mod+${event.shiftKey ? "shift+" : ""}${event.key.toLowerCase()}` : event.key;
}

function find(keys: string): KeyBinding | undefined {
  // The last group has priority: a sheet's Escape overrides the page's.
  for (const group of [...groups].reverse()) {
    const binding = group.current.bindings.find((candidate) => candidate.keys === keys);
    if (binding) return binding;
  }
  return undefined;
}

function onKeyDown(event: KeyboardEvent) {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const key = nameOf(event);
  const isModified = key.startsWith("mod+");
  if (isTyping(event.target) && (!isModified || OF_TEXT.test(key))) return;
  // An open dialog or menu has its own keys.
  if (
    !isModified &&
    event.target instanceof Element &&
    event.target.closest("[role=dialog],[role=menu],[role=listbox]")
  )
    return;
  const inRow = pending && Date.now() - pending.at < 800 ? find(`${pending.key} ${key}`) : undefined;
  const binding = inRow ?? find(key);
  pending = { key, at: Date.now() };
  if (!binding) return;
  event.preventDefault();
  binding.run();
}

/** Binds keys while the component is shown, and lists them under `title` in the `?` dialog. */
export function useKeys(title: string, bindings: readonly KeyBinding[]): void {
  const group = useRef<Group>({ title, bindings });
  group.current = { title, bindings };
  useEffect(() => {
    if (groups.size === 0) window.addEventListener("keydown", onKeyDown);
    groups.add(group);
    return () => {
      groups.delete(group);
      if (groups.size === 0) window.removeEventListener("keydown", onKeyDown);
    };
  }, []);
}

/** All active keys. */
export const listKeys = (): readonly Group[] =>
  [...groups].map((group) => group.current).filter((group) => group.bindings.length > 0);

/** A binding as it is printed on a keyboard: `⌘K`, `Ctrl+K`, `g t`. */
export function printKeys(keys: string): string {
  const isShifted = keys.startsWith("mod+shift+");
  const [modifier, key = ""] = keys.startsWith("mod+") ? ["mod", keys.slice(isShifted ? 10 : 4)] : ["", keys];
  const label = key === "Escape" ? "Esc" : key.toLowerCase() === "enter" ? "⏎" : modifier ? key.toUpperCase() : key;
  if (!modifier) return label;
  return isMac ? `${isShifted ? "⇧" : ""}⌘${label}` : `Ctrl+${isShifted ? "Shift+" : ""}${label}`;
}
