// What a push says: nothing of what waits. In the declarative form, so that a browser that does not get the page's service worker to say something shows a
// sentence. `kith` is for the service worker, and `mutable` has such a browser ask it first: it knows the person's language, and what is muted.

const NEWS = { title: 'New messages', body: 'Open Kith to read them.', tag: 'kith' }
/** Asked for by somebody who looks at Kith, so the service worker shows it whatever is in front. */
const TEST = { title: 'Notifications work', body: 'This is how Kith tells you about new messages.', tag: 'kith-test' }

export const textFor = (pageUrl: string): Uint8Array => toText('news', NEWS, pageUrl)
export const testTextFor = (pageUrl: string): Uint8Array => toText('test', TEST, pageUrl)

/** In English for everybody: which language somebody speaks is nothing that a relay has to know. */
function toText(kith: 'news' | 'test', words: typeof NEWS, pageUrl: string): Uint8Array {
  const notification = { ...words, lang: 'en', dir: 'ltr', navigate: `${pageUrl}/` }
  return new TextEncoder().encode(JSON.stringify({ kith, web_push: 8030, mutable: true, notification }))
}
