import { MODEL_EXPORTS } from "@treadle/contract";
import { Download, Package } from "lucide-react";
import { CopyButton } from "../../../../components/feedback/copy-button.tsx";
import { Button, IconButton, Spinner } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { Menu, MenuItem } from "../../../../components/overlay/menu.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatBytes, formatNumberOf } from "../../../../components/text/format.ts";
import type { Version } from "../shared/use-registry.ts";
import { useDownloads } from "../shared/use-registry-changes.ts";
import { FindingList } from "./finding-list.tsx";
import { OtherFormats } from "./other-formats.tsx";

type File = Version["files"][number];

/** The labels of the export formats; a format without a label shows its own name. */
const WORDS: Readonly<Record<string, string>> = {
  files: "All files as a tar archive",
  container: "Container build folder",
  oci: "OCI archive",
};

/** The files of a version with their hashes, the exports, and the scan results. */
export function FilesTab({ version }: { version: Version }) {
  const place = { name: version.name, version: String(version.version) };
  const { file, archive } = useDownloads(place);
  const command = `treadle model pull ${version.name}@v${version.version}`;
  const columns: readonly PlainColumn<File>[] = [
    ...COLUMNS,
    {
      id: "download",
      header: <span className="sr-only">Download</span>,
      cell: ({ path }) => (
        <IconButton label={`Download ${path}`} size="small" disabled={file.isPending} onClick={() => file.mutate(path)}>
          {file.isPending && file.variables === path ? <Spinner /> : <Download aria-hidden size={14} />}
        </IconButton>
      ),
    },
  ];
  return (
    <>
      <Section
        title="Files"
        description={`${formatNumberOf(version.fileCount, "file")}, ${formatBytes(version.sizeBytes)}, ${version.formats.join(" and ")}`}
        action={
          <Menu
            align="end"
            trigger={
              <Button size="small" isBusy={archive.isPending}>
                <Package aria-hidden size={13} /> Export
              </Button>
            }
          >
            {MODEL_EXPORTS.map((kind) => (
              <MenuItem key={kind} onSelect={() => archive.mutate(kind)}>
                {WORDS[kind] ?? kind}
              </MenuItem>
            ))}
          </Menu>
        }
      >
        <div className="border-line border-t">
          <PlainTable label="Files" rows={version.files} idOf={({ path }) => path} columns={columns} />
        </div>
        <p className="flex flex-wrap items-center gap-x-2 border-line border-t px-4 py-2 text-muted">
          For large files, use <code className="[overflow-wrap:anywhere] text-text">{command}</code>
          <CopyButton text={command} label="Copy command" />
          which verifies the hash of each file.
        </p>
      </Section>
      <OtherFormats version={version} />
      <Section title="Scan results">
        <FindingList findings={version.findings} />
      </Section>
    </>
  );
}

/** The file type, from the end of the file name. */
function formatOf(path: string): string {
  const end = /[.](\w+)$/.exec(path)?.[1]?.toLowerCase();
  if (end === "gguf") return "GGUF";
  if (end === "onnx") return "ONNX";
  return end ?? "–";
}

const COLUMNS: readonly PlainColumn<File>[] = [
  { id: "path", header: "File", className: "w-full min-w-32 [overflow-wrap:anywhere]", cell: ({ path }) => path },
  {
    id: "format",
    header: "Format",
    isWide: true,
    className: "whitespace-nowrap text-muted",
    cell: ({ path }) => formatOf(path),
  },
  { id: "size", header: "Size", isNumber: true, cell: ({ sizeBytes }) => formatBytes(sizeBytes) },
  {
    id: "sha256",
    header: "SHA-256",
    cell: ({ path, sha256 }) => (
      <span className="inline-flex items-center gap-1">
        <code title={sha256} className="text-xs max-md:hidden">
          {sha256.slice(0, 16)}…
        </code>
        <CopyButton text={sha256} label={`Copy the SHA-256 of ${path}`} />
      </span>
    ),
  },
];
