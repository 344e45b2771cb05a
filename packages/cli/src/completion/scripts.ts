export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** The completion script of a shell. Each asks the command itself for candidates and falls back to file names. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}

const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# bash completion of change-mgmt
_change_mgmt() {
  local candidate
  COMPREPLY=()
  while IFS= read -r candidate; do
    COMPREPLY+=("$candidate")
  done < <("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]] && compopt -o nospace
}
complete -o default -F _change_mgmt change-mgmt
`,
  zsh: `#compdef change-mgmt
_change_mgmt() {
  local -a candidates
  candidates=(\${(f)"$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#candidates} )); then
    local -a open closed
    open=(\${(M)candidates:#*=})
    closed=(\${candidates:#*=})
    (( \${#open} )) && compadd -S '' -- $open
    (( \${#closed} )) && compadd -- $closed
  else
    _files
  fi
}
compdef _change_mgmt change-mgmt
`,
  fish: `# fish completion of change-mgmt
function __change_mgmt_candidates
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  command $words[1] __complete -- $words[2..-1] "$current" 2>/dev/null
end
complete -c change-mgmt -a '(__change_mgmt_candidates)'
`,
};
