import type { Problem } from "@change-mgmt/api/problem.ts";
import { PERMISSIONS } from "@change-mgmt/domain/identity/permissions.ts";
import { SAMPLE_PEOPLE } from "@change-mgmt/server/installation/sample-workspace.ts";
import type { FuzzGround } from "./ground.ts";
import type { Interface } from "./operations.ts";
import type { FuzzRequest } from "./requests.ts";

/** What came back. Of an answer without end, such as live events, the beginning. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Where one has to come again: documented, and no failure. */
const BUSY = new Set(["UPLOADS_BUSY", "REHEARSALS_BUSY"]);
const INSIDE = /node:internal|node_modules|\n\s+at \S+ \(|\.ts:\d+:\d+|ECONNREFUSED/;
const SQL =
  /invalid input syntax|syntax error at or near|violates \w+ constraint|out of range for type|change_mgmt\.\w+|\binsert into\b|\bselect .+ from\b/i;
/** Whose work is to say what is the matter with SQL. */
const ABOUT_SQL = /^(rehearsals\.|changes\.|deployments\.|config\.)/;
const SAFE_FILE_NAME = /^attachment; filename="[\w.-]*"; filename\*=UTF-8''[\w.~%!-]*$/;

/** What an answer promises whatever was asked, and this one does not keep. */
export function brokenPromises(
  request: FuzzRequest,
  answer: Answer,
  sender: string | null,
  { schemas }: Interface,
  ground: FuzzGround,
): string[] {
  const { operation } = request;
  const { status, headers, text } = answer;
  const wrong: string[] = [];
  const problem = status >= 400 ? problemIn(answer, wrong) : undefined;
  if (status >= 500 && !(status === 503 && BUSY.has(problem?.code ?? ""))) wrong.push(`answers ${status}`);
  if (status < 300 && operation && request.wrong.length > 0) wrong.push(`accepts what is wrong: ${request.wrong[0]}`);
  if (operation) {
    const described = operation.answers[status];
    const type = String(headers["content-type"]).split(";")[0]!;
    if (!described) wrong.push(`the status ${status} is not documented for ${operation.id}`);
    else if (!described[type] && !described["*/*"])
      wrong.push(`${type} is not documented for ${operation.id} with ${status}`);
    else if (described[type] && type.endsWith("json"))
      wrong.push(...schemas.problems(described[type], JSON.parse(text)).slice(0, 3));
  }
  for (const [name, wanted] of Object.entries(SECURITY))
    if (!wanted.test(String(headers[name]))) wrong.push(`the header ${name} is ${headers[name]}`);
  if (request.path.startsWith("/api/") && operation && headers["cache-control"] !== "no-store")
    wrong.push("may be kept by caches");
  if (headers["x-injected"] !== undefined) wrong.push("a header was injected");
  const disposition = headers["content-disposition"];
  if (disposition !== undefined && !SAFE_FILE_NAME.test(String(disposition)))
    wrong.push(`content-disposition is ${disposition}`);
  return [...wrong, ...leaks(request, answer, sender, problem, ground)];
}

const SECURITY: Readonly<Record<string, RegExp>> = {
  "content-security-policy": /default-src 'none'/,
  "x-content-type-options": /^nosniff$/,
  "x-frame-options": /^(DENY|SAMEORIGIN)$/,
  "referrer-policy": /^no-referrer$/,
  "x-request-id": /^[\w.-]{1,100}$/,
};

function problemIn({ status, headers, text }: Answer, wrong: string[]): Problem | undefined {
  if (text === "" && headers["content-length"] !== "0") return undefined; // of a HEAD
  const type = String(headers["content-type"]);
  if (!type.startsWith("application/problem+json")) {
    wrong.push(`an error is ${type}: ${text.slice(0, 100)}`);
    return undefined;
  }
  const problem = JSON.parse(text) as Problem;
  const complete =
    problem.status === status &&
    /^[A-Z][A-Z_]+$/.test(problem.code) &&
    /\S/.test(problem.detail) &&
    /\S/.test(problem.hint);
  if (!complete) wrong.push(`an error without code, sentence or hint: ${text.slice(0, 200)}`);
  return problem;
}

/** What comes out that must not: secrets to anybody, what is private to others, the inside of the server. */
function leaks(
  { path, operation, body }: FuzzRequest,
  { text }: Answer,
  sender: string | null,
  problem: Problem | undefined,
  { secrets, private: marks }: FuzzGround,
): string[] {
  const wrong = secrets
    .filter((secret) => text.includes(secret))
    .map((secret) => `carries the secret ${secret.slice(0, 12)}…`);
  // Who may read the trail sees what everybody did, who manages tokens sees them all.
  const { roles = [] } = SAMPLE_PEOPLE.find(({ handle }) => handle === sender) ?? {};
  const seesAll = sender === "admin" || PERMISSIONS["audit.read"].roles.some((role) => roles.includes(role));
  for (const { mark, owner, told } of marks)
    if (owner !== sender && !(told && seesAll) && text.includes(mark))
      wrong.push(`shows ${sender} what is ${owner}'s: ${mark}`);
  if (problem === undefined) return wrong;
  const sent = `${decodeURIComponent(path.replace(/%(?![0-9a-f]{2})|%[89a-f][0-9a-f]/gi, ""))} ${body ?? ""}`;
  const detail = JSON.stringify({ ...problem, type: undefined });
  if (INSIDE.test(detail) && !INSIDE.test(sent)) wrong.push(`shows the inside: ${detail.slice(0, 300)}`);
  const found = SQL.exec(detail)?.[0];
  if (found && !ABOUT_SQL.test(operation?.id ?? "") && !SQL.test(sent)) wrong.push(`shows SQL: ${found}`);
  return wrong;
}
