import { Download } from "lucide-react";
import { buttonLook } from "../../components/button.tsx";
import { Menu, MenuItem, MenuLabel } from "../../components/menu.tsx";
import { FORMATS, type Format, type Run, useExportRun } from "./use-experiments.ts";

const HELP: Readonly<Record<Format, string>> = {
  csv: "every answer, for spreadsheets",
  json: "every answer, for programs",
  markdown: "a report, for pull requests",
  html: "a report with charts, in one file",
};
const NAMES = ["csv", "json", "markdown", "html"] as const;

/** Each run as a file: its answers, or a report that compares it with the base. */
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
