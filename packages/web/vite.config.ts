import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Builds the pages into dist/: hashed assets, nothing inline, so that the server's policy on scripts can stay strict. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    // Those that know light-dark(), which would else be taken apart and follow the system alone.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { "/api": process.env.CHANGE_MGMT_SERVER ?? "http://127.0.0.1:7070" } },
});
