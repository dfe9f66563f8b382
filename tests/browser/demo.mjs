// Ways into the demo for those who look at its pages: from the start page, by pressing what stands there.
import { words } from "./words.mjs";

/** Opens the start page in the language asked for. */
export async function openStart(context, address, language) {
  const page = await context.newPage();
  await page.goto(address);
  if ((await page.locator("html").getAttribute("lang")) !== language) {
    await page.click("form.languages button");
    await page.waitForLoadState();
  }
  return page;
}

/** Becomes a member of staff with this role (`staff`, `manager`, `admin`). */
export async function enterAs(page, role, language) {
  await page.getByRole("button", { name: words(language)(`demo-enter-${role}`) }).click();
  await page.waitForLoadState();
}

/** Opens the own page of the first graduate of the phone page; gives its path. */
export async function enterOwnPage(page, language) {
  const says = words(language);
  await page.getByRole("link", { name: says("demo-phone") }).click();
  await page.locator(".demo-people a").first().click();
  await page.getByRole("link", { name: says("demo-phone-me") }).click();
  await page.getByRole("button", { name: says("me-open-button") }).click();
  await page.waitForLoadState();
  return new URL(page.url()).pathname;
}

/**
 * For those who look at an employer's page in several ways: a link in a mail opens once, in one browser, so it is opened
 * once and every visitor gets the cookie that the first one got. Gives a function for a visitor, which gives the page's path.
 */
export function employerPages(browser, address) {
  let opened;
  const open = async () => {
    const context = await browser.newContext({ locale: "ja-JP" });
    try {
      const path = await openRequest(await openStart(context, address, "ja"));
      return { path, cookies: (await context.cookies()).filter((cookie) => /request-[0-9a-f]+$/.test(cookie.name)) };
    } finally {
      await context.close();
    }
  };
  return async (context) => {
    opened ??= await open();
    await context.addCookies(opened.cookies);
    return opened.path;
  };
}

// The newest request in the mailbox that nobody has opened.
async function openRequest(page) {
  const says = words("ja");
  await page.getByRole("link", { name: says("demo-mailbox") }).click();
  const mails = await page.locator(".rows a").evaluateAll((links) => links.map((link) => link.href));
  for (const mail of mails) {
    await page.goto(mail);
    await page.getByRole("link", { name: says("mail-escalation-button") }).click();
    await page.waitForLoadState();
    const open = page.getByRole("button", { name: says("employer-open-button") });
    if (!(await open.isVisible())) continue;
    await open.click();
    await page.waitForLoadState();
    return new URL(page.url()).pathname;
  }
  throw new Error("no request in the mailbox waits for an answer");
}
