import type { ErrorTopic } from "./topic.ts";

/** Codes of: requests. */
export const request: ErrorTopic = {
  id: "request",
  title: "Requests",
  about: "What the server says of the form of a request, before it looks at what is asked.",
  codes: {
    JSON_INVALID: {
      status: 400,
      means: "The body is not one JSON document in UTF-8, or names a member twice or a forbidden one.",
      next: "Correct the body at the place named.",
    },
    URL_INVALID: {
      status: 400,
      means: "The address is not a valid URL path.",
      next: "Percent-encode what stands in the path as UTF-8.",
    },
    REQUEST_MALFORMED: {
      status: 400,
      means: "The request is not well-formed HTTP.",
      next: "Check its first line and its headers, Content-Length above all.",
    },
    INPUT_INVALID: {
      status: 422,
      means: "Parts of the input are not what is needed; each is listed with its place.",
      next: "Correct what is named; all of it is named at once.",
    },
    CURSOR_INVALID: {
      status: 422,
      means: "The cursor is not one that a list has given.",
      next: "Begin the list again without a cursor.",
    },
    IDEMPOTENCY_KEY_REUSED: {
      status: 422,
      means: "The idempotency key was used for something else before.",
      next: "Make a new key for each thing you want to happen.",
    },
    STALE_VERSION: {
      status: 412,
      means: "The change is at a newer version than the one that was read.",
      next: "Read it again, look at what is new, and repeat what you wanted to do.",
    },
    NOT_FOUND: {
      status: 404,
      means: "Nothing is at this address, or nothing of this name is here.",
      next: "Check the address and the name.",
    },
    METHOD_NOT_ALLOWED: {
      status: 405,
      means: "The address exists, but not for this method.",
      next: "Use one of the methods that the header Allow names.",
    },
    REQUEST_TIMEOUT: {
      status: 408,
      means: "The request did not arrive whole in time; slow senders hold no connection for ever.",
      next: "Send it again on a better connection; split what is large.",
    },
    TOO_LARGE: {
      status: 413,
      means: "The body is larger than the server takes; inside INPUT_INVALID, a value is above its bound.",
      next: "Split it, keep large files elsewhere and give their address, or stay within the bound named.",
    },
    MEDIA_TYPE_UNSUPPORTED: {
      status: 415,
      means: "The body has a content type that is not taken here.",
      next: "Send JSON as application/json, and the bytes of a file as application/octet-stream.",
    },
    HEADERS_TOO_LARGE: {
      status: 431,
      means: "The headers of the request are too large.",
      next: "Send fewer or shorter headers.",
    },
    RATE_LIMITED: {
      status: 429,
      means: "There were too many requests, or too many attempts to sign in.",
      next: "Wait as long as the header Retry-After says.",
    },
    UNEXPECTED: {
      status: 500,
      means: "Something went wrong that is a defect of the product.",
      next: "Try again; if it stays, give the error id to whoever runs the server: it stands in the log too.",
    },
    MISSING: { means: "A value is missing.", next: "Give it." },
    WRONG_TYPE: { means: "A value is of another type than is needed.", next: "Send the type named." },
    NOT_ONE_OF: { means: "A value is none of those that are known here.", next: "Choose one of those listed." },
    TOO_SMALL: { means: "A value is too small or too short.", next: "Stay within the bound named." },
    BAD_FORMAT: {
      means: "A text is not in the form that is needed, such as a date or an address.",
      next: "Write it in the form named.",
    },
    BAD_HEADER: { means: "A header of the request cannot be understood.", next: "Correct the header named." },
    UNKNOWN_MEMBER: {
      means: "A member of the input is not known here, so it would have been ignored.",
      next: "Correct its name or leave it out.",
    },
    TEXT_INVALID: {
      means: "A text holds a character that cannot be stored.",
      next: "Take out U+0000 and halves of surrogate pairs.",
    },
    TOO_DEEP: { means: "A value is nested too deeply.", next: "Flatten it." },
  },
};
