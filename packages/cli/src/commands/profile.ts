import type { Command } from "commander";
import type { Io } from "../shared/io.ts";
import { findProfile, readProfiles, writeProfiles } from "../shared/profile-file.ts";
import { describeFailure } from "../shared/report-failure.ts";
import { textTable } from "../suites/text-table.ts";

type Flags = { readonly json?: boolean };

export function addProfile(program: Command, io: Io) {
  const group = program.command("profile");
  const act =
    (work: (flags: Flags, name: string) => void) =>
    (...given: readonly unknown[]) => {
      const flags: Flags = Object(given.at(-2));
      try {
        work(flags, String(given[0]));
      } catch (error) {
        io.setExitCode(describeFailure(error, flags, io));
      }
    };
  const add = (usage: string, description: string) =>
    group.command(usage).description(description).option("--json", "print the result as JSON");
  add("list", "list stored servers; keys are not shown").action(act((flags) => list(flags, io)));
  add("use <name>", "make a profile the current one").action(act((flags, name) => use(name, flags, io)));
  add("delete <name>", "delete a profile and its key")
    .alias("logout")
    .action(act((flags, name) => remove(name, flags, io)));
}

function list({ json }: Flags, io: Io): void {
  const { current, profiles } = readProfiles(io.env);
  const rows = Object.entries(profiles).map(([name, { url, key, project }]) => ({
    name,
    url,
    project: project ?? null,
    hasKey: key !== undefined,
    isCurrent: name === current,
  }));
  if (json) return void io.stdout.write(`${JSON.stringify(rows)}\n`);
  if (rows.length === 0) return void io.stderr.write("No server is stored. Run `treadle login`.\n");
  const cells = rows.map(({ name, url, project, isCurrent }) => [isCurrent ? "*" : " ", name, url, project ?? ""]);
  io.stdout.write(`${textTable(cells)}\n`);
}

function use(name: string, { json }: Flags, io: Io): void {
  const stored = readProfiles(io.env);
  const { url } = findProfile(name, stored);
  writeProfiles({ ...stored, current: name }, io.env);
  io.stdout.write(`${json ? JSON.stringify({ current: name, url }) : `"${name}" is the current profile: ${url}`}\n`);
}

function remove(name: string, { json }: Flags, io: Io): void {
  const stored = readProfiles(io.env);
  findProfile(name, stored);
  const { [name]: _, ...profiles } = stored.profiles;
  writeProfiles({ ...(stored.current !== name && { current: stored.current }), profiles }, io.env);
  io.stdout.write(`${json ? JSON.stringify({ deleted: name }) : `Deleted the profile "${name}".`}\n`);
}
