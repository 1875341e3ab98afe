// One page in a browser that Playwright does not drive: as little as a walk needs, the same for every engine.

export type Size = { readonly width: number; readonly height: number }

export type EnginePage = {
  open(address: string): Promise<void>
  /** One more tab, which is the one in front from now on. */
  openTab(address: string): Promise<void>
  /** The tab that was opened as this one, the first as 0, is in front from now on. */
  show(tab: number): Promise<void>
  /** The page is gone, what it has stored stays. */
  leave(): Promise<void>
  reload(): Promise<void>
  /** To another page in the same tab, and back by the browser's own way, which may bring the page back as it was. */
  goAndReturn(address: string): Promise<void>
  /** The first visible element of this selector. */
  click(selector: string): Promise<void>
  /** The keys of this text, into the first visible element of this selector. */
  type(selector: string, text: string): Promise<void>
  /** Turns the wheel over the middle of the first visible element of this selector, px. */
  wheel(selector: string, px: number): Promise<void>
  /** The value of an expression in the page. */
  read(expression: string): Promise<unknown>
  picture(name: string, size: Size): Promise<void>
  /** Everything the page did wrong so far, and each foreign host that it asked. */
  problems(): Promise<readonly string[]>
  /** Ends the browser and everything that was started for it. */
  close(): Promise<void>
}

/** Installed before anything of the app, or as early as the engine allows: what a policy forbids is said on the console like any other error. */
export const REPORT_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) =>
  console.error('broke its content security policy: ' + event.violatedDirective + ': ' + event.blockedURI + ' ' + event.sample))`

/** Browsers log failed connections as errors, and no page can prevent that. For when a walk has taken the relay away. */
const NETWORK_ERROR =
  /can.t establish a connection|NetworkError|connection to ws.* (was interrupted|failed)|WebSocket connection|Could not connect|Failed to load resource|network connection was lost|FetchEvent|Failed to update a ServiceWorker|error loading|Load failed|fetching the script/i

export const isNetworkError = (line: string): boolean => NETWORK_ERROR.test(line)
