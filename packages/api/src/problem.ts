import { z } from "zod";

/** Where a problem is: a JSON pointer into the request, or a file with 1-based line and column. */
export const Place = z
  .object({
    pointer: z.string().optional(),
    file: z.string().optional(),
    line: z.number().int().optional(),
    column: z.number().int().optional(),
  })
  .meta({ id: "Place" });

/** RFC 9457 problem details; `code` is stable, `detail` is a sentence, `hint` says what to do. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    hint: z.string(),
    place: Place.optional(),
    problems: z
      .array(
        z.object({
          code: z.string(),
          message: z.string(),
          place: Place.optional(),
          hint: z.string().optional(),
        }),
      )
      .optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: "Problem" });

export type Problem = z.infer<typeof Problem>;

/** HTTP status of each refusal code that is not 409, the status of "not in this state". */
const STATUS_OF: Readonly<Record<string, number>> = {
  INPUT_INVALID: 422,
  FORM_INVALID: 422,
  SQL_INVALID: 422,
  SQL_EMPTY: 422,
  CONFIGURATION_INVALID: 422,
  SECRET_IN_CONFIGURATION: 422,
  EVIDENCE_MISSING: 422,
  COMMENT_REQUIRED: 422,
  CHOOSE_REQUIREMENT: 422,
  CURSOR_INVALID: 422,
  ATTACHMENT_EMPTY: 422,
  ATTACHMENT_NAME: 422,
  NOT_SIGNED_IN: 401,
  TOKEN_INVALID: 401,
  LINK_INVALID: 401,
  SESSION_INVALID: 401,
  SIGN_IN_REFUSED: 401,
  FACTOR_REQUIRED: 401,
  SAMPLE_SIGN_IN_OFF: 403,
  SAMPLE_PERSON_UNKNOWN: 422,
  SAMPLE_NOT_THERE: 404,
  CROSS_SITE: 403,
  PROOF_REFUSED: 403,
  TOKEN_UNMAPPED: 403,
  PASSWORD_WEAK: 422,
  ACCOUNT_LOCKED: 429,
  ISSUER_UNREACHABLE: 503,
  NOT_ALLOWED: 403,
  SCOPE_MISSING: 403,
  OWN_CHANGE: 403,
  NOT_AN_APPROVER: 403,
  STEP_NOT_YOURS: 403,
  ATTACHMENT_NOT_YOURS: 403,
  NOT_YOURS: 403,
  VIEW_NOT_YOURS: 403,
  NOT_IN_TEAM: 403,
  TEAM_NEEDED: 422,
  NOT_FOUND: 404,
  CHANGE_UNKNOWN: 404,
  STEP_UNKNOWN: 404,
  ATTACHMENT_UNKNOWN: 404,
  ATTACHMENT_REMOVED: 410,
  STALE_VERSION: 412,
  CONTENT_CHANGED: 412,
  IDEMPOTENCY_KEY_REUSED: 422,
  TOO_LARGE: 413,
  DRAFT_TOO_LONG: 413,
  ATTACHMENT_TOO_LARGE: 413,
  MEDIA_TYPE_UNSUPPORTED: 415,
  ATTACHMENT_TYPE: 415,
  RATE_LIMITED: 429,
  UPLOADS_BUSY: 503,
  STORE_UNAVAILABLE: 503,
  REHEARSALS_BUSY: 503,
  TARGET_UNREACHABLE: 503,
};

/** The HTTP status that goes with a refusal code. */
export function statusOf(code: string): number {
  return STATUS_OF[code] ?? 409;
}
