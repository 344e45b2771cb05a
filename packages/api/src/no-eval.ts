import { z } from "zod";

// For pages under a policy that forbids compiling code: the library would try whether it may, and the browser report the trial.
z.config({ jitless: true });
