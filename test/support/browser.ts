import packaged from '@sparticuz/chromium';
import { Browser, chromium } from 'playwright-core';

/**
 * A real browser: the one that `CHROME_PATH` names, else the one that comes with the packages (Linux on x64). Undefined where there is
 * none, which is said; in CI (`CI` is set) it is a failure.
 */
export async function openBrowser(): Promise<Browser | undefined> {
  const own = process.env.CHROME_PATH;
  try {
    return await chromium.launch({
      executablePath: own ?? (await packaged.executablePath()),
      // Its own list has `--single-process`, which dies with the first of several windows.
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
      headless: true,
    });
  } catch (error) {
    if (process.env.CI) throw error;
    console.warn(`No browser: the tests of pages do not run here. Set CHROME_PATH to one. ${String(error)}`);
    return undefined;
  }
}
