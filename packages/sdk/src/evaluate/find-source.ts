import { execFileSync } from "node:child_process";

export type Source = { readonly branch: string | null; readonly commit: string | null; readonly url: string | null };
export type SourceFlags = { readonly branch?: string; readonly commit?: string; readonly buildUrl?: string };
/** Variables of a process by their names. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The branch, commit and page of a run: from the options, otherwise from the variables of GitHub Actions and GitLab CI
 * (docs.github.com/actions/reference/variables-reference, docs.gitlab.com/ci/variables/predefined_variables), otherwise
 * from git.
 */
export function findSource({ branch, commit, buildUrl }: SourceFlags, env: Environment): Source {
  return {
    branch:
      first(branch, env.GITHUB_HEAD_REF, env.GITHUB_REF_NAME, env.CI_COMMIT_REF_NAME) ??
      git("branch", "--show-current"),
    commit: first(commit, env.GITHUB_SHA, env.CI_COMMIT_SHA) ?? git("rev-parse", "HEAD"),
    url: first(buildUrl, githubUrl(env), env.CI_JOB_URL) ?? null,
  };
}

const first = (...values: (string | undefined)[]) => values.find((value) => value !== undefined && value !== "");

function githubUrl({ GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run }: Environment) {
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
}

/** Null outside of a repository, and where there is no git. */
function git(...args: string[]): string | null {
  try {
    return execFileSync("git", args, { stdio: ["ignore", "pipe", "ignore"], encoding: "utf8" }).trim() || null;
  } catch {
    return null;
  }
}
