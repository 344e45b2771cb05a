import * as people from "../people.ts";
import * as sample from "../sample.ts";
import type { Endpoint } from "./endpoint.ts";

/** The sample workspace. */
export const sampleEndpoints = {
  "sample.get": {
    method: "GET",
    path: "/api/sample",
    permission: null,
    tag: "Sample",
    summary: "The sample workspace: how far it is, and whom one can sign in as on this machine",
    response: sample.Sample,
    open: true,
  },
  "sample.signIn": {
    method: "POST",
    path: "/api/sample/session",
    permission: "session.begin",
    tag: "Sample",
    summary: "Sign in as a person of the sample workspace, where that is offered; the answer sets the session cookie",
    body: sample.SampleSignIn,
    response: people.Session,
    status: 201,
    open: true,
  },
  "sample.make": {
    method: "POST",
    path: "/api/sample",
    permission: "sample.manage",
    tag: "Sample",
    summary: "Make the sample workspace in an empty one; its changes follow in the background",
    body: sample.MakeSample,
    response: sample.Sample,
    status: 202,
  },
  "sample.remove": {
    method: "POST",
    path: "/api/sample/remove",
    permission: "sample.manage",
    tag: "Sample",
    summary: "Remove the sample workspace: its changes, people, sessions, databases and configuration",
    body: sample.RemoveSample,
    response: sample.SampleRemoval,
  },
} as const satisfies Record<string, Endpoint>;
