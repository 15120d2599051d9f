import type { Clock } from "../../../../kernel/clock.ts";

const WINDOW_MS = 30_000;
/** This many failures in a window, if they are at least half of its attempts, open the circuit. */
const FAILURES_TO_OPEN = 5;
const FIRST_OPEN_MS = 5_000;
const MAX_OPEN_MS = 60_000;
/** The number of circuits with a failure that are stored at a time. */
const MAX_CIRCUITS = 10_000;
/** A longer pause than this is not believed: a wrong clock at the provider must not switch a model off for days. */
const MAX_REST_MS = 300_000;

type Circuit = {
  since: number;
  failures: number;
  successes: number;
  /** 0 while the circuit is closed. */
  openUntil: number;
  openings: number;
  isProbing: boolean;
};

/**
 * Circuit breakers by name. After too many failures a circuit is open for a while, so that callers do not wait for a target that is
 * down. Then one probe is let through, and its result closes the circuit or opens it again.
 */
export function createBreakers(clock: Clock) {
  const circuits = new Map<string, Circuit>();
  const restUntil = new Map<string, number>();

  function open(circuit: Circuit) {
    circuit.openings++;
    circuit.openUntil = clock.elapsed() + Math.min(MAX_OPEN_MS, FIRST_OPEN_MS * 2 ** (circuit.openings - 1));
    circuit.isProbing = false;
  }
  function createCircuit(name: string): Circuit {
    if (circuits.size >= MAX_CIRCUITS) circuits.clear();
    const circuit = { since: clock.elapsed(), failures: 0, successes: 0, openUntil: 0, openings: 0, isProbing: false };
    circuits.set(name, circuit);
    return circuit;
  }
  /** How long the provider's pause still lasts, in milliseconds; 0 without one. */
  function restingMs(name: string): number {
    const remainingMs = (restUntil.get(name) ?? 0) - clock.elapsed();
    if (remainingMs > 0) return remainingMs;
    restUntil.delete(name);
    return 0;
  }

  return {
    /** Null when the target may be asked; the caller must then report the result. Otherwise the milliseconds until the circuit closes. */
    refuse(name: string): number | null {
      const circuit = circuits.get(name);
      if (!circuit || circuit.openUntil === 0) return null;
      const remainingMs = circuit.openUntil - clock.elapsed();
      if (remainingMs > 0) return remainingMs;
      if (circuit.isProbing) return FIRST_OPEN_MS;
      circuit.isProbing = true;
      return null;
    },
    /** The provider has asked for a pause, by `Retry-After`. */
    rest(name: string, milliseconds: number): void {
      if (!restUntil.has(name) && restUntil.size >= MAX_CIRCUITS) restUntil.clear();
      restUntil.set(name, clock.elapsed() + Math.min(MAX_REST_MS, milliseconds));
    },
    restingMs,
    /** Whether a call would be let through now. Unlike `refuse`, it starts no probe. */
    isAvailable(name: string): boolean {
      const circuit = circuits.get(name);
      const isOpen = circuit !== undefined && circuit.openUntil > clock.elapsed();
      return !isOpen && restingMs(name) === 0;
    },
    succeed(name: string): void {
      restUntil.delete(name);
      const circuit = circuits.get(name);
      if (!circuit) return;
      if (circuit.openUntil > 0 || clock.elapsed() - circuit.since > WINDOW_MS) circuits.delete(name);
      else circuit.successes++;
    },
    fail(name: string): void {
      const existing = circuits.get(name);
      // Calls that were running when the circuit opened are not new failures, and must not keep it open for longer.
      if (existing && existing.openUntil > clock.elapsed()) return;
      const isStale = existing?.openUntil === 0 && clock.elapsed() - existing.since > WINDOW_MS;
      const circuit = existing && !isStale ? existing : createCircuit(name);
      circuit.failures++;
      const isSick = circuit.failures >= FAILURES_TO_OPEN && circuit.failures >= circuit.successes;
      if (circuit.openUntil > 0 || isSick) open(circuit);
    },
    /** The attempt ended without a result, for example because the caller disconnected. */
    release(name: string): void {
      const circuit = circuits.get(name);
      if (circuit) circuit.isProbing = false;
    },
    /** The circuits that are not closed. */
    list: () => listOpen(circuits, clock.elapsed()),
    /** The number of open circuits, and of circuits that let a probe through. */
    count() {
      let opened = 0;
      let halfOpen = 0;
      for (const { openUntil } of circuits.values()) {
        if (openUntil > clock.elapsed()) opened++;
        else if (openUntil > 0) halfOpen++;
      }
      return { open: opened, halfOpen };
    },
  };
}
export type Breakers = ReturnType<typeof createBreakers>;

const listOpen = (circuits: ReadonlyMap<string, Circuit>, now: number) =>
  [...circuits].flatMap(([name, { openUntil }]) =>
    openUntil === 0 ? [] : [{ name, state: openUntil > now ? ("open" as const) : ("half-open" as const) }],
  );
