// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import type { ConversationView, ConversationWindow, MessageView } from '@kith/protocol'
import { CHAT, createFakeEngine, entry } from '../testing/index.ts'
import { copyChat } from './copied.ts'
import { crc32 } from './zip.ts'

const COPIED = { name: 'Ana <b>', kind: 'pair', exported: new Date(Date.UTC(2026, 4, 3, 12)) } as const
const TIME = Date.UTC(2026, 4, 1, 9)

const text = (at: number, words: string, more: object = {}): MessageView => ({
  kind: 'text',
  id: entry(`e${at}x`),
  mine: at % 2 === 0,
  text: words,
  time: TIME + at,
  state: 'delivered',
  conflict: false,
  ...more,
})

/** An engine with these messages, of which each page shows as many as were asked for. */
function engineWith(messages: readonly MessageView[], meddle: (pages: number) => readonly MessageView[] = () => messages) {
  let pages = 0
  const engine = createFakeEngine()
  return Object.assign(engine, {
    pages: () => pages,
    watchConversation({ anchor, after }: ConversationWindow, show: (view: ConversationView | undefined) => void) {
      const look = (window: Pick<ConversationWindow, 'anchor' | 'after'>) => {
        pages += 1
        const all = meddle(pages)
        const found =
          window.anchor.kind === 'entry' ? all.findIndex(({ id }) => window.anchor.kind === 'entry' && id === window.anchor.entry) : 0
        const from = found < 0 ? all.length : found
        const part = all.slice(from, from + window.after)
        const view = { anchor: window.anchor, messages: part, hasNewer: from + window.after < all.length } as unknown as ConversationView
        queueMicrotask(() => show(view))
      }
      look({ anchor, after })
      return { move: look, stop: () => undefined }
    },
  })
}

async function filesIn(blob: Blob): Promise<ReadonlyMap<string, string>> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  const view = new DataView(bytes.buffer)
  const files = new Map<string, string>()
  // From the end, as programs read it.
  const end = bytes.length - 22
  expect(view.getUint32(end, true)).toBe(0x06054b50)
  let at = view.getUint32(end + 16, true)
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    expect(view.getUint32(at, true)).toBe(0x02014b50)
    const [sum, size, nameLength, offset] = [
      view.getUint32(at + 16, true),
      view.getUint32(at + 20, true),
      view.getUint16(at + 28, true),
      view.getUint32(at + 42, true),
    ]
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
    expect(view.getUint32(offset, true)).toBe(0x04034b50)
    const inside = bytes.subarray(offset + 30 + nameLength, offset + 30 + nameLength + size)
    expect(crc32(inside)).toBe(sum)
    files.set(name, new TextDecoder().decode(inside))
    at += 46 + nameLength
  }
  return files
}

const copy = async (engine: Parameters<typeof copyChat>[1]['engine'], isOver = () => false) =>
  copyChat(COPIED, { engine, conversation: CHAT, told: () => undefined, isOver })

describe('a copy of a chat', () => {
  it('has every message once, over many pages, in both files', async () => {
    const messages = Array.from({ length: 650 }, (_, at) => text(at, `words ${at}.`))
    const engine = engineWith(messages)
    const files = await filesIn((await copy(engine)) as Blob)
    expect([...files.keys()]).toEqual(['chat.html', 'chat.json'])
    const data = JSON.parse(files.get('chat.json') ?? '') as { readonly messages: readonly { readonly text: string }[] }
    expect(data).toMatchObject({
      format: 'kith-chat',
      version: 1,
      chat: { name: 'Ana <b>', kind: 'pair' },
      exported: '2026-05-03T12:00:00.000Z',
    })
    expect(data.messages.map((message) => message.text)).toEqual(messages.map((_, at) => `words ${at}.`))
    for (let at = 0; at < 650; at += 1) expect(files.get('chat.html')?.split(`<p>words ${at}.</p>`)).toHaveLength(2)
    expect(engine.pages()).toBeGreaterThan(3)
  })

  it('is well formed where nothing was said', async () => {
    const files = await filesIn((await copy(engineWith([]))) as Blob)
    expect(JSON.parse(files.get('chat.json') ?? '')).toMatchObject({ messages: [] })
  })

  it('attack: whatever anybody wrote or is called is text in the page, which fetches and runs nothing', async () => {
    const evil = '</p><script>alert(1)</script><img src=x onerror="alert(2)"> \u2028 & \' "'
    const messages = [
      text(1, evil, {
        author: { account: 'a', name: '<svg onload=alert(3)>', mine: false },
        files: [{ name: '<iframe src=//evil>.html', size: 10 }],
        answers: { kind: 'text', id: entry('q'), mine: false, text: '<a href="javascript:alert(4)">x</a>' },
        reactions: [{ emoji: '<i>', count: 1, isMine: false }],
      }),
    ]
    const files = await filesIn((await copy(engineWith(messages))) as Blob)
    const page = files.get('chat.html') ?? ''
    const document = new DOMParser().parseFromString(page, 'text/html')
    expect(document.querySelectorAll('script, img, iframe, svg, a, link, object, form, i')).toHaveLength(0)
    expect(
      [...document.querySelectorAll('*')].flatMap((element) => [...element.attributes]).filter(({ name }) => name.startsWith('on')),
    ).toEqual([])
    expect(document.querySelector('meta[http-equiv]')?.getAttribute('content')).toContain("default-src 'none'")
    expect(document.querySelector('article p')?.textContent).toBe(evil)
    expect(document.title).toBe('Ana <b>')
    expect((JSON.parse(files.get('chat.json') ?? '') as { messages: { text: string }[] }).messages[0]?.text).toBe(evil)
  })

  it('attack: what was deleted is in neither file', async () => {
    const messages: readonly MessageView[] = [text(0, 'kept'), { kind: 'deleted', id: entry('gone'), mine: false, time: TIME + 1 }]
    const files = await filesIn((await copy(engineWith(messages))) as Blob)
    expect(JSON.parse(files.get('chat.json') ?? '')).toMatchObject({ messages: [{ text: 'kept' }, { kind: 'deleted' }] })
  })

  it('is begun again by hand where the message it was at went, and leaves out nothing in silence', async () => {
    const messages = Array.from({ length: 450 }, (_, at) => text(at, `words ${at}.`))
    const engine = engineWith(messages, (pages) => (pages < 2 ? messages : messages.filter((_, at) => at !== 199)))
    await expect(copy(engine)).rejects.toThrow('another one')
    expect(await copy(engineWith(messages), () => true)).toBeUndefined()
  })

  it('has the sums that other programs expect', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  })
})
