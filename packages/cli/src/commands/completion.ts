import { Argument, type Command } from "commander";
import type { Io } from "../shared/io.ts";

/** Each script hands the words of the line to `treadle complete`, which answers a candidate and its meaning per line. */
const SCRIPTS = {
  bash: `_treadle() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" line
  COMPREPLY=()
  while IFS=$'\\t' read -r line _; do
    [ -n "$line" ] && COMPREPLY+=("$line")
  done < <(treadle complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  [ \${#COMPREPLY[@]} -gt 0 ] || compopt -o default 2>/dev/null
}
complete -F _treadle treadle
`,
  zsh: `#compdef treadle
_treadle() {
  local -a candidates
  local name meaning
  while IFS=$'\\t' read -r name meaning; do
    candidates+=("\${name//:/\\\\:}:$meaning")
  done < <(treadle complete -- "\${(@)words[2,$CURRENT]}" 2>/dev/null)
  if (( $#candidates )); then _describe treadle candidates; else _files; fi
}
compdef _treadle treadle
`,
  fish: `function __treadle_complete
  set -l words (commandline -opc) (commandline -ct)
  treadle complete -- $words[2..-1] 2>/dev/null
end
complete -c treadle -f -a '(__treadle_complete)'
complete -c treadle -F -n 'string match -qr -- "^--(file|output|body)$" (commandline -opc)[-1]'
`,
} as const;

type Shell = keyof typeof SCRIPTS;

export function addCompletion(program: Command, io: Io) {
  program
    .command("completion")
    .addArgument(new Argument("<shell>", "the shell that reads it").choices(Object.keys(SCRIPTS)))
    .addHelpText(
      "after",
      [
        "",
        "bash: add to ~/.bashrc:  source <(treadle completion bash)",
        "zsh:  add to ~/.zshrc:   source <(treadle completion zsh)",
        "fish: run once:          treadle completion fish > ~/.config/fish/completions/treadle.fish",
      ].join("\n"),
    )
    .action((shell: Shell) => void io.stdout.write(SCRIPTS[shell]));
}
