// Writes src/api/schema.d.ts from the server's OpenAPI document, which a test of the server writes to openapi.json.
// With --check nothing is written: it fails when the file is not what would be written.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const document = new URL("../openapi.json", import.meta.url);
const target = new URL("../src/api/schema.d.ts", import.meta.url);
const header = "/* Generated from openapi.json by `npm run generate`: do not edit. */\n";

const wanted = header + astToString(await openapiTS(document, { alphabetize: true }));
const held = await readFile(target, "utf8").catch(() => "");
if (held === wanted) {
  console.log("src/api/schema.d.ts is up to date");
} else if (process.argv.includes("--check")) {
  console.error("src/api/schema.d.ts is stale: run `npm run generate` in console/ and commit the result");
  process.exitCode = 1;
} else {
  await writeFile(target, wanted);
  console.log("src/api/schema.d.ts is written");
}
