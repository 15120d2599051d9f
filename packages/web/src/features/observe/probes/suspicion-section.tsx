import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { buttonLook } from "../../../components/form/button.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { formatCount } from "../../../components/text/format.ts";
import { formatEvidence } from "./probe-state.tsx";
import type { Probe } from "./use-probes.ts";

type Suspicion = NonNullable<Probe["suspicion"]>;
type Props = { probe: Probe; suspicion: Suspicion };

/** The three steps after the evidence passes the threshold. */
export const SuspicionSection = ({ probe, suspicion }: Props) => (
  <Section
    title={probe.state === "changed" ? "The model has changed" : "A change is suspected"}
    description={
      probe.state === "changed"
        ? "Days since the change are not a part of the reference. Accept the model as it is now, or dismiss the finding."
        : "No one was notified yet. An incident opens only if the second test confirms the change."
    }
    action={
      probe.incidentId && (
        <Link to="/incidents/$incidentId" params={{ incidentId: probe.incidentId }} className={buttonLook()}>
          Open incident
        </Link>
      )
    }
  >
    <ol className="flex flex-col gap-3 px-4 pb-4">
      <Step name="1. Evidence">
        {formatEvidence(suspicion.evidence)}, above the threshold of {probe.threshold} since{" "}
        <AgoCell iso={suspicion.since} />. Without a change, this happens at most once per year.
      </Step>
      <Step name="2. Second test">{confirmationWords(suspicion)}</Step>
      <Step name="3. Later runs">{repeatedWords(suspicion)}</Step>
      <Step name="4. Evaluation">
        <Evaluation evaluation={suspicion.evaluation} />
      </Step>
    </ol>
  </Section>
);

const Step = ({ name, children }: { name: string; children: ReactNode }) => (
  <li className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 max-sm:grid-cols-1">
    <span className="text-muted">{name}</span>
    <span className="num [overflow-wrap:anywhere]">{children}</span>
  </li>
);

function confirmationWords({ confirmation, attempts }: Suspicion): string {
  if (confirmation === null) return "It runs next: fresh samples are compared with the samples of the set-up.";
  const { pValue, value, samples } = confirmation;
  const verdict = pValue < 0.001 ? "Confirmed" : "Not confirmed";
  const numbers = `p = ${pValue.toPrecision(2)}, MMD² = ${value.toPrecision(3)}, ${formatCount(samples)} samples`;
  return `${verdict}: ${numbers}${attempts > 1 ? `, attempt ${attempts} of 3` : ""}.`;
}

const ENOUGH = 1_000;

const repeatedWords = ({ repeated }: Suspicion): string =>
  `${repeated >= ENOUGH ? "Confirmed" : "Not confirmed"}: evidence ${formatEvidence(repeated)} of ${formatCount(ENOUGH)}.`;

function Evaluation({ evaluation }: Pick<Suspicion, "evaluation">) {
  if (evaluation === null) return "It follows a confirmed change.";
  const { status, baseRunId, runId, message } = evaluation;
  if (status === "not-pinned") return "No evaluation pinned. Edit the probe to pin an experiment.";
  return (
    <>
      {message || "The pinned experiment starts soon."}{" "}
      {baseRunId && runId && (
        <Link to="/experiments/compare" search={{ base: baseRunId, heads: runId }} className="text-accent underline">
          Compare before and after
        </Link>
      )}
    </>
  );
}
