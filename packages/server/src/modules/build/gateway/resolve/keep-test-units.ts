import type { EndpointAbTest } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { DAY_MS } from "../../../../kernel/day.ts";
import type { Assignment } from "./assign-variant.ts";
import { type Drawn, type FindDrawn, isOutsideHoldout } from "./draw-in-test.ts";

/** The first draws of a test's units outside the holdout, by bucket, from the spans. null if they cannot be read now. */
export type LoadDrawn = (projectId: string, abTestId: string) => Promise<ReadonlyMap<number, Drawn> | null>;
type Deps = { readonly clock: Pick<Clock, "elapsed">; readonly loadDrawn: LoadDrawn };

/** The most units that are remembered for a test. */
export const MOST_DRAWN = 500_000;
/** How long a request waits for the units of a server that was just started. */
const PATIENCE_MS = 1_000;
const AGAIN_MS = 10_000;

/**
 * The units of A/B tests with adaptive shares. Their shares change, so a hash could not keep a unit on its variant: its
 * first draw is remembered while the test runs, and read from the spans after a restart.
 */
export function createTestUnits({ clock, loadDrawn }: Deps) {
  const tests = new Map<string, TestUnits>();
  function open(projectId: string, abTestId: string): TestUnits {
    for (const [id, { usedAt }] of tests) if (clock.elapsed() - usedAt() > DAY_MS) tests.delete(id);
    const units = createUnits({ clock, load: () => loadDrawn(projectId, abTestId) });
    tests.set(abTestId, units);
    return units;
  }

  return {
    /** null for a fixed split. */
    async of(projectId: string, abTest: EndpointAbTest | null): Promise<Pick<TestUnits, "find" | "store"> | null> {
      if (!abTest?.adaptive) return null;
      const units = tests.get(abTest.abTestId) ?? open(projectId, abTest.abTestId);
      await units.ready();
      return units;
    },
  };
}

type TestUnits = {
  readonly find: FindDrawn;
  store(abTest: EndpointAbTest | null, assignment: Assignment): void;
  ready(): Promise<void>;
  usedAt(): number;
};
type UnitDeps = Pick<Deps, "clock"> & { readonly load: () => ReturnType<LoadDrawn> };

function createUnits({ clock, load }: UnitDeps): TestUnits {
  const store = createDraws();
  const loading = createLoading({ clock, load, onLoaded: store.addLoaded });
  let usedAt = clock.elapsed();
  return {
    find: store.find,
    store(abTest, { bucket, variant, propensity, unitKind, rolloutId, isForced }) {
      if (!abTest || rolloutId !== abTest.abTestId || isForced || unitKind === "request") return;
      if (isOutsideHoldout(abTest, bucket)) store.add(bucket, { variant: variant.name, propensity });
    },
    async ready() {
      usedAt = clock.elapsed();
      await loading.wait();
    },
    usedAt: () => usedAt,
  };
}

/** Draws by bucket. The first one of a bucket stays. */
function createDraws() {
  const draws = new Map<number, Drawn>();
  /** Many units share a draw: each is stored once. */
  const shared = new Map<string, Drawn>();
  function set(bucket: number, { variant, propensity }: Drawn): void {
    const key = `${propensity} ${variant}`;
    const drawn = shared.get(key) ?? { variant, propensity };
    shared.set(key, drawn);
    draws.set(bucket, drawn);
    if (draws.size <= MOST_DRAWN) return;
    const [oldest] = draws.keys();
    if (oldest !== undefined) draws.delete(oldest);
  }
  return {
    find: (bucket: number): Drawn | null => draws.get(bucket) ?? null,
    add(bucket: number, drawn: Drawn): void {
      if (!draws.has(bucket)) set(bucket, drawn);
    },
    /** What the spans show is older than what this process has drawn. */
    addLoaded(loaded: ReadonlyMap<number, Drawn>): void {
      for (const [bucket, drawn] of loaded) set(bucket, drawn);
    },
  };
}

type LoadingDeps = UnitDeps & { readonly onLoaded: (loaded: ReadonlyMap<number, Drawn>) => void };

/** Loads once. A load that is slow or fails does not hold up later requests; one that fails is tried again. */
function createLoading({ clock, load, onLoaded }: LoadingDeps) {
  let state: "needed" | "running" | "done" = "needed";
  let current: Promise<void> = Promise.resolve();
  let next = 0;
  let startedAt = 0;
  async function run(): Promise<void> {
    const loaded = await load().catch(() => null);
    if (loaded) onLoaded(loaded);
    state = loaded ? "done" : "needed";
    next = clock.elapsed() + AGAIN_MS;
  }
  return {
    async wait(): Promise<void> {
      const now = clock.elapsed();
      if (state === "done" || (state === "needed" && now < next)) return;
      if (state === "running" && now - startedAt >= PATIENCE_MS) return;
      if (state === "needed") {
        [state, startedAt] = ["running", now];
        current = run();
      }
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, PATIENCE_MS);
      });
      await Promise.race([current, patience]);
      clearTimeout(timer);
    },
  };
}
