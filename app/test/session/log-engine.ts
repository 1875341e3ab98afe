// An engine for browser tests of the session: real vault, real store, real documents, but its only talent is to keep a list of texts.

import { createFakeEngine } from '../../src/session/testing/fake-engine.ts'
import type { ConversationView, DocumentStore, EntryId, MessageView, Store } from '@kith/protocol'
import type { OpenEngine } from '../../src/session/engine-worker.ts'

type Line = { readonly ref: string; readonly text: string }

/** Longer than a page needs to die, so that tests can end a leader in the middle of a command. */
const SLOW_MS = 300

export const openLogEngine: OpenEngine = async ({ store, documents, timer, network, relays }) => {
  const lines = await readLines(store)
  let count = lines.size
  await documents.load('account')
  const shows = new Set<() => void>()
  // Asks for the network at once, as the real one does; what it says is of no interest.
  network({ signSeed: new Uint8Array(32), device: 'harness' as never }).listen(() => undefined)

  async function add(line: Line): Promise<void> {
    if (lines.has(line.ref)) return
    if (line.text.includes('slow')) await new Promise<void>((resolve) => timer(SLOW_MS, resolve))
    count += 1
    await keep({ store, documents, line, number: count })
    lines.set(line.ref, line.text)
    for (const show of shows) show()
  }

  const view = (): ConversationView => ({ messages: [...lines].map(toMessage) }) as unknown as ConversationView
  return {
    ...createFakeEngine(),
    async send({ text, ref }) {
      if (text.includes('crash')) throw crash()
      await add({ text, ref })
      return { kind: 'saved', message: ref as EntryId }
    },
    async retry() {
      await relays()
    },
    watchConversation(_query, show) {
      const showNow = () => show(view())
      shows.add(showNow)
      showNow()
      return { move: () => undefined, stop: () => void shows.delete(showNow) }
    },
    close: () => Promise.resolve(),
  }
}

type Keeping = { readonly store: Store; readonly documents: DocumentStore; readonly line: Line; readonly number: number }

async function keep({ store, documents, line, number }: Keeping): Promise<void> {
  const value = new TextEncoder().encode(JSON.stringify(line))
  await store.commit([
    { kind: 'put', table: 'timeline', key: number.toString().padStart(6, '0'), value, shred: 'chat/1' },
    { kind: 'put', table: 'state', key: 'count', value: Uint8Array.of(number) },
  ])
  await documents.append('account', value, () => value)
}

async function readLines(store: Store): Promise<Map<string, string>> {
  const rows = await store.read({ table: 'timeline' })
  return new Map(
    rows.map(({ value }) => {
      const { ref, text } = JSON.parse(new TextDecoder().decode(value)) as Line
      return [ref, text]
    }),
  )
}

const toMessage = ([ref, text]: readonly [string, string]): MessageView =>
  ({ kind: 'text', id: ref as EntryId, text, mine: true, time: 0, state: 'saved', conflict: false }) as const

/** Ends the worker as an uncaught error does. */
function crash(): Error {
  setTimeout(() => {
    throw new Error('a crash on purpose')
  })
  return new Error('never heard')
}
