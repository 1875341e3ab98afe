// What an older version could not read is looked at once when the engine starts: it may be a newer one by now (docs/protocol.md §5.11).

import { contentKeptOf } from '../../log/kept-body.ts'
import { readBodies } from './bodies.ts'
import type { Store } from '../../ports.ts'
import { hasUnreadable } from '../../node/rest-looks.ts'
import type { Loop } from '../loop.ts'

export type ReadAgainParts = { readonly store: Store; readonly loop: Pick<Loop, 'state' | 'push'>; readonly log: (line: string) => void }

/** Never rejects: what cannot be read now is tried again with the next start. */
export async function readAgain({ store, loop, log }: ReadAgainParts): Promise<void> {
  try {
    for (const chat of loop.state().conversations.looks()) {
      const { id } = chat
      if (!hasUnreadable(chat)) continue
      for await (const { entry, kept } of readBodies(store, id, 'newer')) {
        const content = contentKeptOf(entry.header, kept)
        if (content === undefined) continue
        await new Promise<void>((resolve) => loop.push({ kind: 'read-again', conversation: id, entry, content, kept }, () => resolve()))
      }
    }
  } catch (error) {
    log(`what could not be read was not read again: ${String(error)}`)
  }
}
