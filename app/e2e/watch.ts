// Listens to everything a page could do wrong while a walk looks elsewhere.

import type { BrowserContext } from '@playwright/test'
import { collectPeerConnections } from './peer-connections.ts'

export type Watch = {
  readonly problems: string[]
  readonly log: string[]
  /** Set once the walk has taken the relay or the network away. */
  networkErrorsAllowed: boolean
}

const NETWORK_ERROR = /net::ERR_|WebSocket connection to|Failed to fetch|NetworkError|An unknown error occurred when fetching the script/

const UNREADABLE = /the engine stopped \(storage-corrupt\)/

/** `relays`: that it may ask beside its own. */
export async function watchPage(
  name: string,
  context: BrowserContext,
  { home, relays }: { readonly home: string; readonly relays: readonly string[] },
): Promise<Watch> {
  const watch: Watch = { problems: [], log: [], networkErrorsAllowed: false }
  const hosts = [home, ...relays].map((address) => new URL(address).host)
  const report = (problem: string): void => void watch.problems.push(`${name}: ${problem}`)
  const checkAddress = (address: string): void => {
    const url = new URL(address)
    if (/^(https?|wss?):$/.test(url.protocol) && !hosts.includes(url.host)) report(`asked another host: ${address}`)
    if (isTelling(url)) report(`told the server what only its user should know: ${address}`)
  }
  context.on('request', (request) => checkAddress(request.url()))
  context.on('console', (message) => {
    watch.log.push(`${name} ${message.type()}: ${message.text()}`)
    // It is started anew, and no page says so.
    if (UNREADABLE.test(message.text())) report(message.text())
    if (message.type() !== 'error') return
    if (watch.networkErrorsAllowed && NETWORK_ERROR.test(message.text())) return
    report(`console error: ${message.text()} (${message.location().url})`)
  })
  context.on('weberror', (thrown) => report(`uncaught: ${thrown.error().stack ?? thrown.error().message}`))
  context.on('page', (page) => {
    page.on('websocket', (socket) => checkAddress(socket.url()))
    page.on('framenavigated', (frame) => {
      if (ID.test(frame.url())) report(`left an id in the browser's history: ${frame.url()}`)
    })
  })
  await context.exposeFunction('__policyViolation', (violation: string) => report(`broke its content security policy: ${violation}`))
  await context.addInitScript(reportViolations)
  await context.addInitScript(collectPeerConnections)
  return watch
}

/** An account, device, conversation or message. */
const ID = /[0-9a-f]{64}/i
/** Such an id, a link's secret, or the name of a chat in addresses. */
const TOLD = /[0-9a-f]{32}|[A-Za-z0-9_-]{40}|c-[A-Za-z0-9_-]{11}(?![A-Za-z0-9_.-])/

// Where another app has encoded the mark of a link, its secret comes as a path: that app told it, not Kith.
export const isTelling = ({ pathname, search }: Pick<URL, 'pathname' | 'search'>): boolean =>
  !pathname.startsWith('/%23i') && TOLD.test(`${pathname}${search}`)

/** Runs in the page, before anything of the app. */
function reportViolations(): void {
  document.addEventListener('securitypolicyviolation', (event) => {
    const tell: unknown = Reflect.get(window, '__policyViolation')
    if (typeof tell === 'function')
      tell(`${event.violatedDirective}: ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber} ${event.sample}`)
  })
}
