import type { Clock } from "../../kernel/clock.ts";

const WINDOW_MS = 30_000;
/** So many failures in a window, and at least half of its tries, open the circuit. */
const FAILURES_TO_OPEN = 5;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;
/** Circuits with a failure in them that are remembered at once. */
const MOST_CIRCUITS = 10_000;

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
 * Circuit breakers by name. A name that failed too often is not asked for a while, so that callers do not wait for what is
 * known to be down; then one request is let through, and what becomes of it decides.
 */
export function createBreakers(clock: Clock) {
  const circuits = new Map<string, Circuit>();

  function open(circuit: Circuit) {
    circuit.openings++;
    circuit.openUntil = clock.elapsed() + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (circuit.openings - 1));
    circuit.isProbing = false;
  }
  function fresh(name: string): Circuit {
    if (circuits.size >= MOST_CIRCUITS) circuits.clear();
    const circuit = { since: clock.elapsed(), failures: 0, successes: 0, openUntil: 0, openings: 0, isProbing: false };
    circuits.set(name, circuit);
    return circuit;
  }

  return {
    /** Null when the name may be asked; otherwise how many milliseconds it is still left alone. Whoever may ask must then report. */
    refuse(name: string): number | null {
      const circuit = circuits.get(name);
      if (!circuit || circuit.openUntil === 0) return null;
      const rest = circuit.openUntil - clock.elapsed();
      if (rest > 0) return rest;
      if (circuit.isProbing) return FIRST_PAUSE_MS;
      circuit.isProbing = true;
      return null;
    },
    succeed(name: string): void {
      const circuit = circuits.get(name);
      if (!circuit) return;
      if (circuit.openUntil > 0 || clock.elapsed() - circuit.since > WINDOW_MS) circuits.delete(name);
      else circuit.successes++;
    },
    fail(name: string): void {
      const known = circuits.get(name);
      // Calls that were under way when the circuit opened say nothing new, and must not lengthen the pause.
      if (known && known.openUntil > clock.elapsed()) return;
      const isStale = known?.openUntil === 0 && clock.elapsed() - known.since > WINDOW_MS;
      const circuit = known && !isStale ? known : fresh(name);
      circuit.failures++;
      const isSick = circuit.failures >= FAILURES_TO_OPEN && circuit.failures >= circuit.successes;
      if (circuit.openUntil > 0 || isSick) open(circuit);
    },
    /** The try ended without saying anything about the name's health, such as when the caller left. */
    release(name: string): void {
      const circuit = circuits.get(name);
      if (circuit) circuit.isProbing = false;
    },
    /** How many circuits are open, and how many let a probe through. */
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
