// From format 4 to 5: what sessions know of their healing lies in the rows of peers. In older rows there is nothing of it.

import { decode, encode, mapped, nothing } from '../../bytes/codec.ts'
import { ROWS_PER_READ_MAX } from '../../limits.ts'
import { peerRow, peerRowOf } from '../records/people.ts'
import { pairingWith } from '../records/sessions.ts'
import type { Healing } from '../../session/healing-state.ts'
import type { Store, StoreRow, StoreWrite } from '../../ports.ts'

const noHealing = mapped(
  nothing,
  (): Healing | undefined => undefined,
  () => ({}),
)
const OLD_VERSION = 1
const oldPeerRow = peerRowOf(OLD_VERSION, pairingWith(noHealing))

/** Some rows at a time: what was rewritten before the power went says so by its version. */
export async function healSessions(store: Store): Promise<readonly StoreWrite[]> {
  for (let from: string | undefined = ''; from !== undefined;) {
    const rows: readonly StoreRow[] = await store.read({ table: 'peers', from, limit: ROWS_PER_READ_MAX })
    const writes = rows.filter(({ value }) => value[0] === OLD_VERSION).map(rewritten)
    if (writes.length > 0) await store.commit(writes)
    from = rows.length < ROWS_PER_READ_MAX ? undefined : `${rows.at(-1)?.key}~`
  }
  return []
}

const rewritten = ({ key, value }: StoreRow): StoreWrite => ({
  kind: 'put',
  table: 'peers',
  key,
  value: encode(peerRow, decode(oldPeerRow, value)),
})
