// Which lines are to be looked at for the search index: put down in the commit that changed them, so that no crash loses one, and taken away in the commit
// after which the index says of them what the timeline says.

import { toHex } from '../../bytes/bytes.ts'
import { decode, encode, flag, hex, list, struct } from '../../bytes/codec.ts'
import { conversationId } from '../../bytes/ids.ts'
import { ORDER_KEY_LENGTH } from '../../log/order.ts'
import type { Codec } from '../../bytes/codec.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { Random, StoreRow, StoreWrite } from '../../ports.ts'

/** `isGone`: it is a deleted one, or none at all. */
export type MarkedLine = { readonly conversation: ConversationId; readonly orderKey: string; readonly isGone: boolean }

/** `chats`: removed with all their lines. */
export type Mark = { readonly lines: readonly MarkedLine[]; readonly chats: readonly ConversationId[] }

const LINES_PER_MARK = 256
const ID_LENGTH = 64
const orderKey: Codec<string> = hex(ORDER_KEY_LENGTH / 2)
const mark: Codec<Mark> = struct({
  lines: list(struct({ conversation: conversationId, orderKey, isGone: flag }), LINES_PER_MARK),
  chats: list(conversationId, LINES_PER_MARK),
})

export const MARKS = { table: 'index', from: 'search/mark/', to: 'search/mark/~' } as const

export const readMark = ({ value }: Pick<StoreRow, 'value'>): Mark => decode(mark, value)
export const isMark = (write: StoreWrite): write is Extract<StoreWrite, { kind: 'put' }> =>
  write.kind === 'put' && write.table === MARKS.table && write.key.startsWith(MARKS.from)

/** Answers the marks for what a commit does to lines: none for most commits. */
export function createMarks(random: Random): (writes: readonly StoreWrite[]) => readonly StoreWrite[] {
  const start = toHex(random(8))
  let count = 0
  const put = (lines: readonly MarkedLine[], chats: readonly ConversationId[]): StoreWrite => {
    const key = `${MARKS.from}${start}${(count++).toString(16).padStart(12, '0')}`
    return { kind: 'put', table: MARKS.table, key, value: encode(mark, { lines, chats }) }
  }
  return (writes) => {
    const lines = new Map<string, MarkedLine>()
    const marks: StoreWrite[] = []
    for (const write of writes) {
      if (write.kind === 'delete-range' && write.table === 'timeline')
        marks.push(put([], [write.from.slice(0, ID_LENGTH) as ConversationId]))
      const line = lineIn(write)
      if (line === undefined) continue
      const key = line.conversation + line.orderKey
      lines.set(key, { ...line, isGone: line.isGone || lines.get(key)?.isGone === true })
    }
    const all = [...lines.values()]
    for (let from = 0; from < all.length; from += LINES_PER_MARK) marks.push(put(all.slice(from, from + LINES_PER_MARK), []))
    return marks
  }
}

// Of a deleted message the line stays, and what finds it among its author's messages goes.
function lineIn(write: StoreWrite): MarkedLine | undefined {
  if (write.kind !== 'put' && write.kind !== 'delete') return undefined
  const isGone = write.kind === 'delete'
  if (write.table !== 'timeline' && !(isGone && write.table === 'index' && write.key.startsWith('/message/', ID_LENGTH))) return undefined
  return { conversation: write.key.slice(0, ID_LENGTH) as ConversationId, orderKey: write.key.slice(-ORDER_KEY_LENGTH), isGone }
}
