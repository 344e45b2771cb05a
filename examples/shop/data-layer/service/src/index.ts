import { memoryRepositories } from "@shop/memory";
import { supabaseRepositories } from "@shop/supabase";
import { createClient } from "@supabase/supabase-js";
import { buildServer } from "./server.js";

const { SUPABASE_URL, SUPABASE_SERVICE_KEY, PORT = "4000" } = process.env;
const repositories =
  SUPABASE_URL && SUPABASE_SERVICE_KEY
    ? supabaseRepositories(createClient(SUPABASE_URL, SUPABASE_SERVICE_KEY))
    : memoryRepositories();
const app = await buildServer(repositories);
await app.listen({ port: Number(PORT) });
