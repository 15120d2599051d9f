import { z } from "zod";
import type { LaunchState } from "../port.ts";

const text = z.string().nullish();
const Waiting = z.looseObject({ reason: text, message: text });
const Terminated = z.looseObject({ exitCode: z.number(), reason: text, message: text });
const Container = z.looseObject({
  name: z.string(),
  image: text,
  state: z.looseObject({ waiting: Waiting.nullish(), terminated: Terminated.nullish() }).nullish(),
});
const Condition = z.looseObject({ type: z.string(), status: z.string(), reason: text, message: text });
export const Pod = z.looseObject({
  metadata: z.looseObject({ name: z.string(), creationTimestamp: text }),
  status: z.looseObject({
    phase: text,
    reason: text,
    message: text,
    conditions: z.array(Condition).nullish(),
    containerStatuses: z.array(Container).nullish(),
  }),
});
export type Pod = z.output<typeof Pod>;
/** The used fields of a Job or TrainJob. */
export const JobState = z.looseObject({
  metadata: z.looseObject({ deletionTimestamp: text }),
  status: z.looseObject({ conditions: z.array(Condition).nullish() }).nullish(),
});
export type JobState = z.output<typeof JobState>;

/** The state of a job. `isHopeless`: it would wait forever, so the caller deletes it. */
export type PodsState = LaunchState & { readonly isHopeless?: boolean };

/** An image that cannot be pulled for so long will not be. */
const PULL_MS = 300_000;
const KILLED = 137;
const MOST_WORDS = 500;
const CANNOT_PULL: ReadonlySet<unknown> = new Set(["ErrImagePull", "ImagePullBackOff", "RegistryUnavailable"]);
const CANNOT_START: ReadonlySet<unknown> = new Set([
  ...[
    "InvalidImageName",
    "ErrImageNeverPull",
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
  ],
]);
const WITHOUT_WORDS = "the cluster gives no reason";

const said = (...words: readonly (string | null | undefined)[]) =>
  (words.find((word) => word !== null && word !== undefined && word.trim() !== "") ?? WITHOUT_WORDS)
    .trim()
    .replace(/[.]+$/, "")
    .slice(0, MOST_WORDS);

/** Explains a job's state, by its own status and its newest pod. `now` is in milliseconds since 1970. */
export function stateOfJob(
  job: JobState,
  pods: readonly Pod[],
  { container, now }: { container: string; now: number },
) {
  const pod = pods.toSorted((a, b) => madeAt(b) - madeAt(a))[0];
  const byPod = pod ? stateOfPod(pod, { container, now }) : null;
  if (byPod?.kind === "ended") return byPod;
  const ended = (job.status?.conditions ?? []).find(
    ({ type, status }) => status === "True" && (type === "Complete" || type === "Failed"),
  );
  if (ended?.type === "Complete") return ended0;
  if (ended) return endedWith(`The cluster gave up on the job: ${said(ended.message, ended.reason)}.`);
  return byPod ?? waiting("Waiting for the cluster to create a pod");
}

const madeAt = ({ metadata }: Pod): number => Date.parse(metadata.creationTimestamp ?? "") || 0;
const ended0: PodsState = { kind: "ended", exitCode: 0 };
const waiting = (message: string): PodsState => ({ kind: "waiting", message });
const endedWith = (message: string, exitCode: number | null = null): PodsState => ({
  kind: "ended",
  exitCode,
  message,
});

function stateOfPod(pod: Pod, { container: name, now }: { container: string; now: number }): PodsState {
  const { phase, reason, message } = pod.status;
  const container = (pod.status.containerStatuses ?? []).find((one) => one.name === name);
  const terminated = container?.state?.terminated;
  if (reason === "Evicted") return endedWith(`The node evicted the pod: ${said(message)}.`);
  if (terminated?.reason === "OOMKilled")
    return endedWith("The container used more memory than the compute target allows and was killed.", KILLED);
  const disruption = (pod.status.conditions ?? []).find(
    ({ type, status }) => type === "DisruptionTarget" && status === "True",
  );
  if (disruption && (phase === "Failed" || terminated))
    return endedWith(`The cluster removed the pod: ${said(disruption.message, disruption.reason)}.`);
  if (terminated) {
    const words =
      terminated.exitCode === 0
        ? {}
        : { message: `The container ended: ${said(terminated.message, terminated.reason)}.` };
    return { kind: "ended", exitCode: terminated.exitCode, ...words };
  }
  if (phase === "Succeeded") return ended0;
  if (phase === "Failed") return endedWith(`The pod failed: ${said(message, reason)}.`);
  if (phase === "Unknown") return waiting("The cluster has lost contact with the node that runs the pod");
  if (phase === "Running") return { kind: "running" };
  return stateOfPending(pod, container, now);
}

function stateOfPending(pod: Pod, container: z.output<typeof Container> | undefined, now: number): PodsState {
  const why = container?.state?.waiting;
  const image = container?.image ? ` ${container.image}` : "";
  const mend = "Fix the compute target, then start the run again";
  if (CANNOT_PULL.has(why?.reason)) {
    const words = `The image${image} cannot be pulled (${why?.reason}): ${said(why?.message)}.`;
    const isHopeless = now - madeAt(pod) > PULL_MS;
    return isHopeless ? { ...endedWith(`${words} ${mend}.`), isHopeless } : waiting(`${words} The cluster is retrying`);
  }
  if (CANNOT_START.has(why?.reason)) {
    const words = `The container cannot be started (${why?.reason}): ${said(why?.message)}. ${mend}.`;
    return { ...endedWith(words), isHopeless: true };
  }
  const unplaced = (pod.status.conditions ?? []).find(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  if (unplaced) return waiting(`No node of the cluster has room: ${said(unplaced.message, unplaced.reason)}`);
  return waiting("The cluster is preparing the container");
}
