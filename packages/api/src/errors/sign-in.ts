import type { ErrorTopic } from "./topic.ts";

/** Codes of: signing in and what one may do. */
export const signIn: ErrorTopic = {
  id: "sign-in",
  title: "Signing in and what one may do",
  about: "Who asks, and whether they may.",
  codes: {
    NOT_SIGNED_IN: {
      status: 401,
      means: "Nobody is signed in, and no token came with the request.",
      next: "Sign in, or send a token as Authorization: Bearer.",
    },
    TOKEN_INVALID: {
      status: 401,
      means: "The token is not known, has expired or was revoked.",
      next: "Sign in again or make a new token.",
    },
    SESSION_INVALID: {
      status: 401,
      means: "The session is over: signed out, unused for too long, or too old.",
      next: "Sign in again.",
    },
    LINK_INVALID: {
      status: 401,
      means: "The sign-in link was used already, has expired, or never was one.",
      next: "Ask for a new one; a link works once and for a limited time.",
    },
    SIGN_IN_REFUSED: {
      status: 401,
      means: "Handle, password or code did not fit. It is not said which.",
      next: "Check what you typed. Without a password, or when it is lost, ask an administrator for a link.",
    },
    FACTOR_REQUIRED: {
      status: 401,
      means: "The password is right, and a code of the second factor is needed as well.",
      next: "Send what your authenticator app shows, or a recovery code.",
    },
    FACTOR_WRONG: {
      status: 409,
      means: "The code of the second factor is not right, or was used already.",
      next: "Wait for the next code, and check that the clock of your device is right.",
    },
    FACTOR_UNREADABLE: {
      status: 409,
      means: "This server cannot read the secret of your second factor.",
      next: "Use a recovery code. Whoever runs the server: all processes need the account key that it was enrolled with.",
    },
    FACTOR_EXISTS: {
      status: 409,
      means: "You have a second factor already.",
      next: "Remove it first, with a code of it.",
    },
    NO_FACTOR: {
      status: 409,
      means: "There is no second factor to confirm or remove.",
      next: "Begin by adding one in the settings.",
    },
    ACCOUNT_LOCKED: {
      status: 429,
      means: "There were too many failed attempts for this account.",
      next: "Try again after the time named, or ask an administrator for a link.",
    },
    PROOF_REFUSED: {
      status: 403,
      means: "The password that should prove it is you is not right, or you have none.",
      next: "Type the password you signed in with, or sign in by a fresh link.",
    },
    PASSWORD_WEAK: {
      status: 422,
      means: "The new password is too short or too easily guessed.",
      next: "Choose a longer one; a sentence is good.",
    },
    TOKEN_UNMAPPED: {
      status: 403,
      means: "The token of the outside issuer is good, but stands for nobody who may come in here.",
      next: "Ask an administrator to add you with the e-mail address or handle that the token carries.",
    },
    ISSUER_UNREACHABLE: {
      status: 503,
      means: "The keys of the issuer of this token cannot be had at this moment.",
      next: "Try again in a moment. Whoever runs the server: see Signing in, in docs/operations.md.",
    },
    CROSS_SITE: {
      status: 403,
      means: "The request came from a page of another site, or does not say that it came from a page of this server.",
      next: "Use the pages of this server, or send a token.",
    },
    NOT_ALLOWED: {
      status: 403,
      means: "None of your roles allows this.",
      next: "Ask somebody with one of the roles named, or an administrator to give you one.",
    },
    SCOPE_MISSING: {
      status: 403,
      means: "The token is limited to other things than this.",
      next: "Use a token with the scope named.",
    },
    NOT_YOURS: {
      status: 403,
      means: "You may do this, but not with this change or file: it is for those named.",
      next: "Comment on it, or ask one of them.",
    },
    OWN_CHANGE: {
      status: 403,
      means: "You requested this change, and this duty belongs to somebody else.",
      next: "Ask one of those named.",
    },
  },
};
