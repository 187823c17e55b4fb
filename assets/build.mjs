// Compiles assets/scss into caseapp/static/css and records what was vendored.
//   npm run build    writes the files that are committed
//   npm run verify   builds into a temporary folder and compares byte by byte; exits 1 on a difference
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as sass from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const committed = join(root, "caseapp", "static");
const LIMIT = 16 * 1024;

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const packageOf = (name) => JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));

function build(target) {
  const files = {};
  const put = (name, text) => {
    const path = join(target, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    files[name] = sha256(text);
  };
  for (const name of readdirSync(join(root, "assets", "scss"))) {
    if (name.startsWith("_") || !name.endsWith(".scss")) continue;
    const { css } = sass.compile(join(root, "assets", "scss", name), {
      style: "compressed",
      loadPaths: [modules],
      quietDeps: true,
      silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
    });
    const weight = gzipSync(css, { level: 6 }).length;
    console.log(`${name}: ${css.length} bytes, ${weight} gzip`);
    if (weight > LIMIT) throw new Error(`${name} is heavier than ${LIMIT} bytes gzip`);
    put(`css/${name.replace(".scss", ".css")}`, css + "\n");
  }
  const bootstrap = packageOf("bootstrap");
  put("vendor/bootstrap.LICENSE.txt", readFileSync(join(modules, "bootstrap", "LICENSE"), "utf8"));
  const record = {
    note: "Parts of Bootstrap's Sass are compiled into css/caseapp.css; sass is the compiler and leaves no code behind.",
    packages: [
      { name: "bootstrap", version: bootstrap.version, licence: bootstrap.license, use: "Sass parts, compiled" },
      { name: "sass", version: packageOf("sass").version, licence: packageOf("sass").license, use: "build only" },
    ],
    sha256: files,
  };
  put("vendor/VENDOR.json", JSON.stringify(record, null, 2) + "\n");
  return Object.keys(files);
}

if (process.argv.includes("--verify")) {
  const scratch = mkdtempSync(join(tmpdir(), "caseapp-assets-"));
  try {
    const different = build(scratch).filter((name) => {
      try {
        return !readFileSync(join(scratch, name)).equals(readFileSync(join(committed, name)));
      } catch {
        return true;
      }
    });
    if (different.length) {
      console.error(`differs from what is committed: ${different.join(", ")}; run: npm ci && npm run build`);
      process.exitCode = 1;
    } else console.log("committed files are the same as a fresh build");
  } finally {
    rmSync(scratch, { recursive: true });
  }
} else build(committed);
