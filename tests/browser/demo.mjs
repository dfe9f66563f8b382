// The demo as somebody new meets it: only the start page's address is known, everything else is pressed.
import { words } from "./words.mjs";

/** Opens the start page in the language asked for. */
export async function openStart(context, address, language) {
  const page = await context.newPage();
  await page.goto(address);
  if ((await page.locator("html").getAttribute("lang")) !== language) {
    await page.click("form.languages button");
    await page.waitForURL((url) => url.pathname.startsWith("/demo"));
  }
  return page;
}

/** Becomes a member of staff with this role (`staff`, `manager`, `admin`). */
export async function enterAs(page, role, language) {
  await page.getByRole("button", { name: words(language)(`role-${role}`) }).click();
}

/** Opens the own page of the first graduate of the phone page; gives its path. */
export async function enterOwnPage(page, language) {
  const says = words(language);
  await page.getByRole("link", { name: says("demo-step-1") }).click();
  await page.locator(".demo-people a").first().click();
  await page.getByRole("link", { name: says("demo-phone-me") }).click();
  const open = page.getByRole("button", { name: says("me-open-button") });
  if (await open.isVisible()) await open.click();
  return pathOf(page);
}

/** Opens the newest request that waits for the employer's answer; gives its path. */
export async function enterAsEmployer(page, language) {
  const says = words(language);
  await page.getByRole("link", { name: says("demo-step-4") }).click();
  const mails = await page.locator(".rows a").evaluateAll((links) => links.map((link) => link.href));
  for (const mail of mails) {
    await page.goto(mail);
    await page.getByRole("link", { name: says("mail-escalation-button") }).click();
    const open = page.getByRole("button", { name: says("employer-open-button") });
    if (!(await open.isVisible())) continue;
    await open.click();
    return pathOf(page);
  }
  throw new Error("no request in the mailbox waits for an answer");
}

/**
 * A link in a mail opens once, in one browser. To look at its page in several ways, it is opened once and every visitor of
 * `prepare` gets the cookie that the first one got.
 */
export function employerAgain(browser, address) {
  let opened;
  const open = async () => {
    const context = await browser.newContext({ locale: "ja-JP" });
    const path = await enterAsEmployer(await openStart(context, address, "ja"), "ja");
    const cookies = (await context.cookies()).filter((cookie) => cookie.httpOnly && !cookie.name.includes("lang"));
    await context.close();
    return { path, cookies };
  };
  return async (context) => {
    opened ??= await open();
    await context.addCookies(opened.cookies);
    return [opened.path];
  };
}

function pathOf(page) {
  return new URL(page.url()).pathname;
}
