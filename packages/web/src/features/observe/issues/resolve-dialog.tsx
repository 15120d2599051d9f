import { useState } from "react";
import { explain } from "../../../api.ts";
import { Choice } from "../../../components/form/choice.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { TextField } from "../../../components/form/typed-fields.tsx";
import { type IssueDetail, type IssuePatch, useIssueChanges } from "./use-issues.ts";

const KINDS = ["time", "release", "promptVersion"] as const;
type Kind = (typeof KINDS)[number];
const WORDS: Readonly<Record<Kind, string>> = { time: "Now", release: "In a release", promptVersion: "In a prompt" };
const HELP: Readonly<Record<Kind, string>> = {
  time: "The issue regresses if it occurs after now.",
  release:
    "The issue regresses if it occurs in this release or a later one. Occurrences in older releases do not reopen it.",
  promptVersion: "The issue regresses if it occurs in this version of the prompt or a later one.",
};
type Fix = {
  readonly kind: Kind;
  readonly release: string;
  readonly promptName: string;
  readonly promptVersion: string;
};

/** Where the issue is fixed. */
export function ResolveDialog({ issue, close }: { issue: IssueDetail; close: () => void }) {
  const { update } = useIssueChanges(issue.issueId);
  const [promptName = "", promptVersion = ""] = issue.promptVersions[0]?.value.split("@") ?? [];
  const [fix, setFix] = useState<Fix>({ kind: "time", release: "", promptName, promptVersion });
  const [problem, setProblem] = useState<string>();
  function submit() {
    const resolution = resolutionOf(fix);
    if (!resolution) return setProblem("Fill in all fields.");
    update.mutate({ state: "resolved", resolution }, { onSuccess: close });
  }
  return (
    <FormDialog
      title="Resolve the issue"
      verb="Resolve"
      form={{ failure: update.error ? explain(update.error) : problem, isBusy: update.isPending }}
      onSubmit={submit}
      close={close}
    >
      <Choice
        label="Fixed"
        names={KINDS}
        words={WORDS}
        chosen={fix.kind}
        onChoose={(kind) => setFix({ ...fix, kind })}
      />
      <p className="text-muted">{HELP[fix.kind]}</p>
      <FixFields fix={fix} set={(changes) => setFix({ ...fix, ...changes })} />
    </FormDialog>
  );
}

function FixFields({ fix, set }: { fix: Fix; set: (changes: Partial<Fix>) => void }) {
  if (fix.kind === "time") return null;
  if (fix.kind === "release")
    return (
      <TextField
        label="Release"
        help="The release of spans, such as 1.4.0. Version numbers are compared by their parts."
        value={fix.release}
        most={200}
        onChange={(release) => set({ release })}
      />
    );
  return (
    <>
      <TextField label="Prompt" value={fix.promptName} most={300} onChange={(promptName) => set({ promptName })} />
      <TextField
        label="Version"
        value={fix.promptVersion}
        most={200}
        onChange={(promptVersion) => set({ promptVersion })}
      />
    </>
  );
}

function resolutionOf({ kind, ...fix }: Fix): IssuePatch["resolution"] {
  if (kind === "time") return { kind };
  const release = fix.release.trim();
  if (kind === "release") return release ? { kind, release } : undefined;
  const [promptName, promptVersion] = [fix.promptName.trim(), fix.promptVersion.trim()];
  return promptName && promptVersion ? { kind, promptName, promptVersion } : undefined;
}
