import type { ProbeInput } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import { type ProbeRow, rankOf } from "./probe-store.ts";

type Naming = {
  readonly probeId: string;
  readonly jobId: string;
  readonly estimatedUsd: number | null;
  readonly now: Date;
};

const NEW = {
  state: "setting-up",
  stage: "selection",
  rank: rankOf("setting-up"),
  epoch: 1,
  prompts: [],
  detectors: { counts: 0, logprobs: null },
  suspicion: null,
  notices: [],
  lastError: "",
  daysWithout: 0,
  incidentId: null,
  setUpUsd: 0,
  lastRunAt: null,
  nextRunAt: null,
} as const;

/** A probe before its set-up. */
export const newProbe = (
  { projectId, actor }: Scope,
  { name, isEnabled, ...settings }: ProbeInput,
  { probeId, jobId, estimatedUsd, now }: Naming,
): ProbeRow => ({
  ...NEW,
  id: probeId,
  projectId,
  name,
  settings,
  isEnabled,
  estimatedUsd,
  referenceSince: now,
  jobId,
  createdBy: actor,
  createdAt: now,
  updatedAt: now,
});
