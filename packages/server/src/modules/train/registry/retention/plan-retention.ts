import type { ModelRetention, RetentionPlan } from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";
import { numberIn, parseRef } from "../refs/name-refs.ts";
import type { NamedEndpoint } from "../stores/deps.ts";
import type { UnusedVersion } from "./retention-store.ts";

type Told = {
  readonly unused: readonly UnusedVersion[];
  /** The rule of the project. */
  readonly policy: ModelRetention | null;
  readonly endpoints: readonly NamedEndpoint[];
  /** Milliseconds since 1970. */
  readonly now: number;
};
export type Planned = RetentionPlan["items"][number] & { readonly versionId: string };

/** The versions that lose their files, and when; those that are due come first. */
export function planRetention({ unused, policy, endpoints, now }: Told): Planned[] {
  const named = namedVersions(endpoints);
  return unused
    .flatMap(({ versionId, name, number, sizeBytes, unusedSince, ...version }) => {
      const rule =
        version.retention === "project" ? policy : version.retention === "keep-all" ? null : version.retention;
      if (rule === null || version.place <= rule.keepNewest || named.has(`${name}@${number}`)) return [];
      const due = unusedSince.getTime() + rule.afterDays * DAY_MS;
      const times = { unusedSince: unusedSince.toISOString(), dueAt: new Date(due).toISOString() };
      return [{ versionId, name, version: number, sizeBytes, ...times, isDue: due <= now }];
    })
    .toSorted((a, b) => (a.dueAt === b.dueAt ? 0 : a.dueAt < b.dueAt ? -1 : 1));
}

/** Versions that endpoints name by number. Endpoints that name an alias follow it. */
function namedVersions(endpoints: readonly NamedEndpoint[]): ReadonlySet<string> {
  const refs = endpoints.flatMap(({ models }) => models.map(parseRef));
  return new Set(refs.map(({ name, which }) => `${name}@${which === null ? "" : numberIn(which)}`));
}
