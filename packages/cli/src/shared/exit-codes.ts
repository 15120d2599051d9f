/** The exit codes of every command. `treadle help exit-codes` prints them. */
export const EXIT = {
  ok: 0,
  failed: 1,
  belowFloor: 2,
  undecided: 3,
  unavailable: 4,
  usage: 64,
  interrupted: 130,
} as const;

const MEANINGS: readonly (readonly [code: number, meaning: string])[] = [
  [EXIT.ok, "The command did what you asked."],
  [
    EXIT.failed,
    "It failed: the server rejected the request, a job failed, a check found something, or the gate found a regression.",
  ],
  [EXIT.belowFloor, "Gate only: a score is below its floor."],
  [EXIT.undecided, "No result: the job was canceled or paused, or there is too little data to decide."],
  [EXIT.unavailable, "The server or a provider is unavailable, or a budget is used up."],
  [EXIT.usage, "Wrong use: an unknown command or flag, a missing or invalid value, or an invalid file."],
  [EXIT.interrupted, "You interrupted the command."],
];

/** The table of exit codes, for a terminal. */
export const exitCodeTable = () =>
  ["Exit codes", "", ...MEANINGS.map(([code, meaning]) => `${String(code).padStart(5)}  ${meaning}`)].join("\n");
