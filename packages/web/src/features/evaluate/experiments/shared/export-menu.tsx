import { Download } from "lucide-react";
import { buttonLook } from "../../../../components/form/button.tsx";
import { Menu, MenuItem, MenuLabel } from "../../../../components/overlay/menu.tsx";
import { FORMATS, type Format, type Run, useExportRun } from "./use-experiments.ts";

const HELP: Readonly<Record<Format, string>> = {
  csv: "all answers, for spreadsheets",
  json: "all answers, for programs",
  markdown: "report, for pull requests",
  html: "report with charts, in one file",
};
const NAMES = ["csv", "json", "markdown", "html"] as const;

/** Exports each run: its answers, or a report that compares it with the base. */
export function ExportMenu({ runs, base }: { runs: readonly Run[]; base: Run | undefined }) {
  const save = useExportRun();
  return (
    <Menu
      align="end"
      trigger={
        <button type="button" className={buttonLook("plain")} aria-busy={save.isPending || undefined}>
          <Download aria-hidden size={14} className="text-muted" /> {save.isPending ? "Exporting" : "Export"}
        </button>
      }
    >
      {runs.map(({ runId, name }) => (
        <div key={runId}>
          <MenuLabel>{name}</MenuLabel>
          {NAMES.map((format) => (
            <MenuItem
              key={format}
              onSelect={() =>
                save.mutate({ runId, name, format, ...(base && base.runId !== runId && { base: base.runId }) })
              }
            >
              {FORMATS[format]}
              <span className="block text-xs text-muted">{HELP[format]}</span>
            </MenuItem>
          ))}
        </div>
      ))}
    </Menu>
  );
}
