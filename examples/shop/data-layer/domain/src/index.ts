export * from "./entities.js";
export * from "./repositories.js";
