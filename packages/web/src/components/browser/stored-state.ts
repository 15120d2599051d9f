import { useCallback, useSyncExternalStore } from "react";

const PREFIX = "treadle.";
const listeners = new Set<() => void>();
/** Parsed values by key and text, so that one stored text is always the same object. */
const parsed = new Map<string, { text: string; value: unknown }>();

function subscribe(listener: () => void) {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/** The value stored in this browser under a key, or `initial` if there is none or it is unreadable. */
export function readStored<Value>(key: string, initial: Value): Value {
  const text = readText(key);
  if (text === null) return initial;
  const known = parsed.get(key);
  if (known?.text === text) return known.value as Value;
  try {
    const value: Value = JSON.parse(text);
    parsed.set(key, { text, value });
    return value;
  } catch {
    return initial;
  }
}

function readText(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/**
 * Stores a value in this browser and notifies every component that reads it. A full or closed storage is not an error.
 */
export function store(key: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    parsed.delete(key);
  }
  for (const listener of listeners) listener();
}

/** Deletes the stored value of a key. */
export function forget(key: string): void {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // A closed storage holds nothing to forget.
  }
  parsed.delete(key);
  for (const listener of listeners) listener();
}

/** State that outlives the page: what one person chose in this browser. `initial` must keep its identity between renders. */
export function useStored<Value>(key: string, initial: Value): [Value, (value: Value) => void] {
  const value = useSyncExternalStore(subscribe, () => readStored(key, initial));
  const set = useCallback((next: Value) => store(key, next), [key]);
  return [value, set];
}
