// Registers, reads the mail, logs in, changes something in the settings, logs out and comes back by link and by
// password, as a person would: by labels and buttons. Each page is checked by axe-core in light and dark.
import { readFile } from "node:fs/promises";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const base = process.argv[2];
const axe = await readFile("node_modules/axe-core/axe.min.js", "utf8");
const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
const password = "correct horse battery";
let checks = 0;

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

for (const [size, viewport] of Object.entries(sizes)) {
  await visit(size, viewport);
}
await browser.close();
console.log(`${checks} passed, 0 failed`);

async function visit(size, viewport) {
  const context = await browser.newContext({ viewport, deviceScaleFactor: 2 });
  const page = await context.newPage();
  const outside = [];
  page.on("request", (request) => { if (!request.url().startsWith(base)) outside.push(request.url()); });
  const email = `${size}@example.com`;
  const see = async (text) => { await page.getByText(text).first().waitFor({ timeout: 5000 }); checks += 1; };
  const look = (name) => inspect(page, `${size}-${name}`);

  await page.goto(`${base}/users/register`);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "email", "autofocus");
  await look("register");
  await page.getByLabel("Email").fill("not an address");
  await page.locator("form[action='/users/register']").evaluate((form) => { form.noValidate = true; });
  await submit(page, "form[action='/users/register']");
  await see("must have the @ sign and no spaces");
  await look("register-error");
  await page.getByLabel("Email").fill(email);
  await submit(page, "form[action='/users/register']");
  await see(`An email was sent to ${email}`);
  await look("log-in");

  await openMail(page, email, "Confirmation instructions");
  await look("mail");
  await follow(page);
  await see(email);
  await look("confirm");
  await page.getByRole("button", { name: /stay logged in/i }).click();
  await page.waitForURL(`${base}/`);

  await page.goto(`${base}/users/settings`);
  await see("Settings");
  await look("settings");
  await page.getByLabel("New password", { exact: true }).fill(password);
  await page.getByLabel(/confirm.*password/i).fill("something else");
  await submit(page, "form:has(input[value='update_password'])");
  await see("does not match password");
  assert.equal(await page.locator("input[type=password]").first().inputValue(), "", "a password is never sent back");
  await look("settings-error");
  await page.getByLabel("New password", { exact: true }).fill(password);
  await page.getByLabel(/confirm.*password/i).fill(password);
  await submit(page, "form:has(input[value='update_password'])");
  await see("Password updated successfully.");

  const changed = `new-${email}`;
  await page.locator("form:has(input[value='update_email']) input[name=email]").fill(changed);
  await submit(page, "form:has(input[value='update_email'])");
  await see("A link to confirm your email change");
  await openMail(page, changed, "Update email instructions");
  await follow(page);
  await look("confirm-email");
  await page.locator("main form button").first().click();
  await see("Email changed successfully.");

  await page.getByRole("button", { name: "Log out" }).click();
  await page.goto(`${base}/users/settings`);
  await see("You must log in to access this page.");
  await page.locator("form:has(input[name=password]) input[name=email]").fill(changed);
  await page.locator("input[name=password]").fill(password);
  await page.locator("form:has(input[name=password]) button").first().click();
  await page.waitForURL(`${base}/users/settings`);
  await see(changed);

  await page.getByRole("button", { name: "Log out" }).click();
  await page.goto(`${base}/users/log-in`);
  await page.locator("form:not(:has(input[name=password])) input[name=email]").fill(changed);
  await page.locator("form:not(:has(input[name=password])):has(input[name=email]) button").first().click();
  await see("If your email is in our system");
  await openMail(page, changed, "Log in instructions");
  await follow(page);
  await page.locator("main form button").first().click();
  await page.waitForURL(`${base}/`);
  await page.goto(`${base}/dev/mailbox`);
  await look("mailbox");
  assert.deepEqual(outside, [], "nothing is loaded from anywhere else");
  await context.close();
}

async function submit(page, form) {
  await page.locator(form).getByRole("button").first().click();
}

async function openMail(page, to, subject) {
  await page.goto(`${base}/dev/mailbox`);
  await page.getByRole("link", { name: new RegExp(subject) }).first().click();
  await page.getByText(to).first().waitFor();
}

async function follow(page) {
  await page.locator(`a[href^='${base}/users/']`).first().click();
}

// axe in both colour schemes, no sideways scrolling, and a picture of each.
async function inspect(page, name) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    const told = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" ")}`);
    assert.deepEqual(told, [], `${name} in ${colorScheme}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(overflow, 0, `${name} scrolls sideways`);
    await page.screenshot({ path: `${name}-${colorScheme}.png` });
    checks += 2;
  }
  const pictures = { "phone-log-in": "dark", "desktop-settings": "light", "phone-confirm": "light" };
  if (pictures[name]) {
    await page.emulateMedia({ colorScheme: pictures[name] });
    await page.screenshot({ path: `picture-${name}.png` });
  }
  await page.emulateMedia({ colorScheme: "light" });
}
