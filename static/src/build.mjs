// Compiles what the browser loads into static/build, under names that carry a hash of the content, and
// lists them in manifest.json: {"matchmaker.css": "matchmaker-0123456789.css"}. A file that is named by
// its content can be cached for ever.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import * as sass from "sass";

const source = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(source, "../..");
const packages = path.join(root, "node_modules");
const target = path.join(root, "static/build");

// In this order: a script names the files it imports, so those have to have their final names first.
const files = [
  ["matchmaker.css", () => styles("matchmaker.scss")],
  ["accessible-autocomplete.css", () => packaged("accessible-autocomplete/dist/accessible-autocomplete.min.css")],
  ["govuk-frontend.js", () => packaged("govuk-frontend/dist/govuk/govuk-frontend.min.js")],
  ["accessible-autocomplete.js", () => packaged("accessible-autocomplete/dist/accessible-autocomplete.min.js")],
  ["condition-picker.js", () => script("condition-picker.js")],
  ["matchmaker.js", () => script("matchmaker.js")],
  ["favicon.svg", () => readFile(path.join(source, "images/favicon.svg"), "utf8")],
];

const manifest = {};

// Warnings of the packages' own code are theirs; any in ours ends the build.
function styles(name) {
  const warnings = [];
  const { css } = sass.compile(path.join(source, name), {
    loadPaths: [packages],
    quietDeps: true,
    style: "compressed",
    logger: { warn: (message) => warnings.push(message) },
  });
  if (warnings.length > 0) {
    throw new Error(`${name}: ${warnings.join("\n")}`);
  }
  const outside = css.match(/url\((?!data:)[^)]*\)/);
  if (outside) {
    throw new Error(`${name} would load ${outside[0]}, which we do not ship`);
  }
  return css;
}

// Their source maps are not shipped, so the comment that points to them goes.
async function packaged(name) {
  const text = await readFile(path.join(packages, name), "utf8");
  return text.replace(/^(\/\/|\/\*)# sourceMappingURL=.*$/gm, "");
}

async function script(name) {
  const text = await readFile(path.join(source, "scripts", name), "utf8");
  return text.replace(/"\.\/([\w.-]+\.js)"/g, (_, imported) => {
    if (!(imported in manifest)) {
      throw new Error(`${name} imports ${imported}, which is not built before it`);
    }
    return `"./${manifest[imported]}"`;
  });
}

function hashedName(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const { name: stem, ext } = path.parse(name);
  return `${stem}-${hash}${ext}`;
}

// The manifest changes in one step, when every file it names is there; then what it no longer names goes.
await mkdir(target, { recursive: true });
for (const [name, build] of files) {
  const content = await build();
  manifest[name] = hashedName(name, content);
  await writeFile(path.join(target, manifest[name]), content);
}
const draft = path.join(target, `manifest.${process.pid}`);
await writeFile(draft, `${JSON.stringify(manifest, null, 2)}\n`);
await rename(draft, path.join(target, "manifest.json"));
const current = new Set(["manifest.json", ...Object.values(manifest)]);
for (const name of await readdir(target)) {
  if (!current.has(name)) {
    await rm(path.join(target, name), { recursive: true, force: true });
  }
}
