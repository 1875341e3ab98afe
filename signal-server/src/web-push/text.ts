// What a push says: nothing of what waits. In the declarative form, so that a browser that shows it without asking the page's service worker shows a
// sentence; `kith` is for the service worker.

const TITLE = 'New messages'
const BODY = 'Open Kith to read them.'

export const textFor = (pageUrl: string): Uint8Array =>
  toText({ kith: 'news', web_push: 8030, notification: { title: TITLE, body: BODY, tag: 'kith', navigate: `${pageUrl}/` } })

/** Asked for by somebody who looks at Kith, so the service worker shows it whatever is in front. */
export const testTextFor = (pageUrl: string): Uint8Array =>
  toText({ kith: 'test', web_push: 8030, notification: { title: TEST_TITLE, body: TEST_BODY, tag: 'kith-test', navigate: `${pageUrl}/` } })

const TEST_TITLE = 'Notifications work'
const TEST_BODY = 'This is how Kith tells you about new messages.'

const toText = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
