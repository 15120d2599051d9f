import { readFileSync } from "node:fs";
import type { Command } from "commander";

const manifest: { version: string } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
export const VERSION = manifest.version;

export function addVersion(program: Command) {
  program
    .command("version")
    .description("print the version of Treadle, of Node and of the platform")
    .option("--json", "print it as JSON")
    .action(({ json }: { json?: boolean }) => {
      const node = process.versions.node;
      const platform = `${process.platform}-${process.arch}`;
      if (json) console.log(JSON.stringify({ version: VERSION, node, platform }));
      else console.log(`treadle ${VERSION} (Node ${node}, ${platform})`);
    });
}
