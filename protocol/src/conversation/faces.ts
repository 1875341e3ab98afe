// Where a conversation's faces lie: of each account that has shown one there a single row, the last in the order of the conversation (docs/protocol.md
// §5.18). Rows of their own, since nobody needs those of a thousand members at once.

import type { AccountId, ConversationId } from '../bytes/ids.ts'
import type { Reader } from './lines.ts'
import type { ConversationState, Pending } from './state.ts'
import type { StoreWrite } from '../ports.ts'

/** Behind it stands the place of the entry in the order. */
const prefixOf = (conversation: ConversationId, account: AccountId): string => `${conversation}/face/${account}/`

export const faceKeyOf = (conversation: ConversationId, account: AccountId, orderKey: string): string =>
  `${prefixOf(conversation, account)}${orderKey}`

/** Store bounds of the one row. */
export const faceOf = (conversation: ConversationId, account: AccountId) => {
  const from = prefixOf(conversation, account)
  return { table: 'bodies', from, to: `${from}~`, limit: 1 } as const
}

type Io = { readonly store: Reader; readonly write: (writes: readonly StoreWrite[]) => void }

/** An older face never takes the place of a newer one, whenever it comes; of the one that was before nothing stays. */
export async function showFace(
  view: ConversationState,
  { account, row }: Extract<Pending, { kind: 'face' }>,
  { store, write }: Io,
): Promise<ConversationState> {
  const [before] = await store.read(faceOf(view.conversation, account))
  if (before !== undefined && before.key >= row.key) return view
  write([...(before === undefined ? [] : [{ kind: 'delete', table: 'bodies', key: before.key } as const]), row])
  return view
}

/** Whether a commit changes somebody's face. */
export const isFaceRow = (write: StoreWrite): boolean => write.kind === 'put' && write.table === 'bodies' && FACE_KEY.test(write.key)
const FACE_KEY = /^\w+\/face\//
