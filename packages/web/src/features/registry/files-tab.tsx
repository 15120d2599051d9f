import { MODEL_EXPORTS } from "@treadle/contract";
import { Download, Package } from "lucide-react";
import { Button, IconButton, Spinner } from "../../components/button.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { formatBytes, formatNumberOf } from "../../components/format.ts";
import { Menu, MenuItem } from "../../components/menu.tsx";
import { Section } from "../../components/page.tsx";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { FindingList } from "./finding-list.tsx";
import { OtherFormats } from "./other-formats.tsx";
import type { Version } from "./use-registry.ts";
import { useDownloads } from "./use-registry-changes.ts";

type File = Version["files"][number];

/** What the ways out are called; one without words here goes by its own name. */
const WORDS: Readonly<Record<string, string>> = {
  files: "All files as a tar archive",
  container: "A folder to build a container from",
  oci: "An OCI archive",
};

/** The files of a version with their hashes, ways to take them out, and what the scan found. */
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
          Large files go better by <code className="[overflow-wrap:anywhere] text-text">{command}</code>
          <CopyButton text={command} label="Copy the command" />
          which checks each by its hash.
        </p>
      </Section>
      <OtherFormats version={version} />
      <Section title="What the scan found">
        <FindingList findings={version.findings} />
      </Section>
    </>
  );
}

/** What a file is by the end of its name. */
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
