// A picture of what the real program prints: its output with colour, as a page, as a PNG.
//   node terminal.mjs ROOT FILE.png
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [root, file] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "gen-auth-picture-"));
cpSync(join(root, "fixtures/axum-hello"), join(folder, "hello"), { recursive: true });
const cwd = join(folder, "hello");
execFileSync("git", ["init", "--quiet"], { cwd });

// `script` gives the program a terminal; the answer is no.
const program = `${join(root, "target/debug/cargo-gen-auth")} Accounts User users --color always`;
const { stdout } = spawnSync("sh", ["-c", `printf 'n\\n' | script -qec '${program}' /dev/null`], { cwd, encoding: "utf8" });
// The first line is the answer, echoed before the question.
const lines = stdout.replaceAll("\r", "").split("\n").slice(1);
const created = lines.map((line, at) => [line, at]).filter(([line]) => /^\s+create /.test(line)).map(([, at]) => at);
// The list of new files in full is long; a picture shows its ends.
lines.splice(created[6], created.at(-4) - created[6], `             ... ${created.length - 10} more ...`);

const colors = { 1: "font-weight:bold", 31: "color:#ff7b72", 32: "color:#7ee787", 36: "color:#79c0ff" };
const escape = (text) => text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);
const html = escape(`$ cargo gen-auth Accounts User users\n${lines.join("\n").replace(/n\n(Nothing was written.)?\s*$/, "")}`)
  .replace(/\x1b\[(\d+)m/g, (_, code) => (code === "0" ? "</span>" : `<span style="${colors[code] ?? ""}">`));

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ deviceScaleFactor: 2 });
await page.setContent(`<pre style="display:inline-block;margin:0;padding:20px;background:#0d1117;color:#e6edf3;
  font:13px/1.45 'DejaVu Sans Mono',monospace;border-radius:8px">${html}</pre>`);
await page.locator("pre").screenshot({ path: file, omitBackground: true });
await browser.close();
