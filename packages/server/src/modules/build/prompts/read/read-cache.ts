import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";

type Entry<Value> = { readonly value: Value; readonly size: number; loadedAt: number };
type Project<Value> = { readonly entries: Map<string, Entry<Value>>; readonly loading: Map<string, Promise<Value>> };

/** Another server's writes are seen after this long. */
const FRESH_MS = 2_000;
const MOST_SIZE = 64_000_000;

/**
 * Remembers what was read of each project. A writer calls `forget` after its commit, and what was being read meanwhile is not kept.
 * While the store is away, what was read before stays in use.
 */
export function createReadCache<Value>({ clock, sizeOf }: { clock: Clock; sizeOf: (value: Value) => number }) {
  const projects = new Map<string, Project<Value>>();
  let size = 0;

  function projectOf(projectId: string): Project<Value> {
    const known = projects.get(projectId);
    if (known) return known;
    const made: Project<Value> = { entries: new Map(), loading: new Map() };
    projects.set(projectId, made);
    return made;
  }

  function forget(projectId: string): void {
    for (const entry of projects.get(projectId)?.entries.values() ?? []) size -= entry.size;
    projects.delete(projectId);
  }

  function keep(projectId: string, key: string, value: Value): void {
    const { entries } = projectOf(projectId);
    size -= entries.get(key)?.size ?? 0;
    const entry = { value, size: sizeOf(value), loadedAt: clock.elapsed() };
    if (size + entry.size > MOST_SIZE) for (const id of [...projects.keys()]) forget(id);
    size += entry.size;
    projectOf(projectId).entries.set(key, entry);
  }

  async function load(projectId: string, key: string, read: () => Promise<Value>): Promise<Value> {
    const project = projectOf(projectId);
    const running = project.loading.get(key);
    if (running) return running;
    const reading = read();
    project.loading.set(key, reading);
    try {
      const value = await reading;
      if (projects.get(projectId) === project) keep(projectId, key, value);
      return value;
    } catch (error) {
      const old = project.entries.get(key);
      if (old && !(error instanceof AppError)) return old.value;
      project.entries.delete(key);
      throw error;
    } finally {
      project.loading.delete(key);
    }
  }

  return {
    forget,
    /** Without a promise for what is in memory. */
    get(projectId: string, key: string, read: () => Promise<Value>): Value | Promise<Value> {
      const entry = projects.get(projectId)?.entries.get(key);
      if (entry && clock.elapsed() - entry.loadedAt < FRESH_MS) return entry.value;
      return load(projectId, key, read);
    },
  };
}
