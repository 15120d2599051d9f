import { useState } from "react";
import { explain } from "../../../api.ts";
import { Button } from "../../../components/form/button.tsx";
import { Choice } from "../../../components/form/choice.tsx";
import { Field, TextInput } from "../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { type IssueDetail, type IssuePatch, useIssueChanges } from "./use-issues.ts";

const KINDS = ["time", "release", "promptVersion"] as const;
type Kind = (typeof KINDS)[number];
const WORDS: Readonly<Record<Kind, string>> = {
  time: "Now",
  release: "In a release",
  promptVersion: "In a prompt version",
};
const HELP: Readonly<Record<Kind, string>> = {
  time: "The issue regresses if it occurs after now.",
  release:
    "The issue regresses if it occurs in this release or a later one. Occurrences in older releases do not reopen it.",
  promptVersion: "The issue regresses if it occurs in this version of the prompt or a later one.",
};

/** Where the issue is fixed. */
export function ResolveDialog({ issue, close }: { issue: IssueDetail; close: () => void }) {
  const { update } = useIssueChanges(issue.issueId);
  const [kind, setKind] = useState<Kind>("time");
  const [release, setRelease] = useState("");
  const [promptName = "", promptVersion = ""] = issue.promptVersions[0]?.value.split("@") ?? [];
  const [prompt, setPrompt] = useState({ promptName, promptVersion });
  const resolution = resolutionOf(kind, release, prompt);
  return (
    <Dialog title="Resolve the issue" close={close}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (resolution) update.mutate({ state: "resolved", resolution }, { onSuccess: close });
        }}
      >
        <Choice label="Fixed" names={KINDS} words={WORDS} chosen={kind} onChoose={setKind} />
        <p className="text-muted">{HELP[kind]}</p>
        {kind === "release" && (
          <Field
            label="Release"
            help="The `release` of spans, such as 1.4.0. Version numbers are compared by their parts."
          >
            <TextInput value={release} onChange={({ target }) => setRelease(target.value)} maxLength={200} />
          </Field>
        )}
        {kind === "promptVersion" && (
          <>
            <Field label="Prompt">
              <TextInput
                value={prompt.promptName}
                onChange={({ target }) => setPrompt({ ...prompt, promptName: target.value })}
              />
            </Field>
            <Field label="Version">
              <TextInput
                value={prompt.promptVersion}
                onChange={({ target }) => setPrompt({ ...prompt, promptVersion: target.value })}
              />
            </Field>
          </>
        )}
        {update.error && (
          <p role="alert" className="text-bad [overflow-wrap:anywhere]">
            {explain(update.error)}
          </p>
        )}
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={update.isPending} disabled={!resolution}>
            Resolve
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

type Prompt = { promptName: string; promptVersion: string };

function resolutionOf(kind: Kind, release: string, { promptName, promptVersion }: Prompt): IssuePatch["resolution"] {
  if (kind === "time") return { kind };
  if (kind === "release") return release.trim() ? { kind, release: release.trim() } : undefined;
  return promptName.trim() && promptVersion.trim()
    ? { kind, promptName: promptName.trim(), promptVersion: promptVersion.trim() }
    : undefined;
}
