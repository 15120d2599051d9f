import type { Command } from "commander";
import { VERSION } from "../shared/version-number.ts";

export function addVersion(program: Command) {
  program
    .command("version")

    .option("--json", "print it as JSON")
    .action(({ json }: { json?: boolean }) => {
      const node = process.versions.node;
      const platform = `${process.platform}-${process.arch}`;
      if (json) console.log(JSON.stringify({ version: VERSION, node, platform }));
      else console.log(`treadle ${VERSION} (Node ${node}, ${platform})`);
    });
}
