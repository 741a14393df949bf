// Weighs what a browser fetches, gzipped, and fails when that is more than the budget: first load, each route, the lazy parts.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const KB = 1000;
const BUDGET = { firstJs: 280, firstCss: 130, route: 60, table: 50 };
/** Parts that are fetched only when a person asks for what they do, and what each may weigh. */
const LAZY = { "node_modules/@novnc/novnc/core/rfb.js": 60, "src/ui/YamlView.tsx": 155, "src/ui/CodeEditor.tsx": 155, "src/ui/DiffView.tsx": 155, "src/features/releases/wizard/ValuesStep.tsx": 75, "src/features/clusters/Terminal.tsx": 100 };

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));
const weight = (files) => [...files].reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length, 0) / KB;

/** What comes along with a chunk: itself and all it imports at once. */
function along(key, seen = new Set()) {
  if (!seen.has(key)) {
    seen.add(key);
    for (const next of manifest[key].imports ?? []) {
      along(next, seen);
    }
  }
  return seen;
}
const js = (keys) => new Set([...keys].map((key) => manifest[key].file));
const css = (keys) => new Set([...keys].flatMap((key) => manifest[key].css ?? []));
const without = (all, some) => new Set([...all].filter((one) => !some.has(one)));

const entry = along("index.html");
// One language comes with the first load; the heavier one counts.
const languages = Object.keys(manifest).filter((key) => /^src\/locales\/\w+\/index\.ts$/.test(key));
const language = Math.max(...languages.map((key) => weight(without(js(along(key)), js(entry)))));

const rows = [
  ["first load, JavaScript", weight(js(entry)) + language, BUDGET.firstJs],
  ["first load, CSS", weight(css(entry)), BUDGET.firstCss],
];
// Fetched with whichever list is visited first; members' home, which is most people's first page, has none.
const [table] = Object.keys(manifest).filter((key) => /^_ResourceTable-.*\.js$/.test(key));
const known = table === undefined ? entry : along(table, new Set(entry));
rows.push(["the table, shared by all lists", weight(without(js(known), js(entry))) + weight(without(css(known), css(entry))), BUDGET.table]);
for (const key of Object.keys(manifest).filter((name) => manifest[name].isDynamicEntry && !languages.includes(name))) {
  const chunks = along(key);
  const extra = weight(without(js(chunks), js(known))) + weight(without(css(chunks), css(known)));
  rows.push([key.replace(/^src\/|^node_modules\//, ""), extra, LAZY[key] ?? BUDGET.route]);
}
let over = false;
for (const [name, kilobytes, budget] of rows) {
  const bad = kilobytes > budget;
  over ||= bad;
  console.log(`${bad ? "OVER " : "     "}${kilobytes.toFixed(1).padStart(7)} of ${budget} KB  ${name}`);
}
if (over) {
  console.error("over budget: see shared budgets in console/README.md");
  process.exitCode = 1;
}
