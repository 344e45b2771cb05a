import type { FilesWithFindings } from "./files-with-findings.ts";
import { sentence } from "./sentence.ts";

const LEVELS = { error: "error", warning: "warning", info: "notice" } as const;

/** The report as workflow commands, which GitHub shows at the lines of a pull request. */
export function github({ files }: FilesWithFindings): string {
  const lines = files.flatMap(({ path, findings }) =>
    findings.map((finding) => {
      const { severity, rule, file, line, column } = finding;
      const at = `file=${property(file ?? path)},line=${line},col=${column},title=${property(rule)}`;
      return `::${LEVELS[severity]} ${at}::${data(sentence(finding))}\n`;
    }),
  );
  return lines.join("");
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
