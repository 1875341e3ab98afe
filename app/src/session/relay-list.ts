// The relays that this page's server names: /.well-known/kith/relays.json, remembered for starts without a network.

import { RELAY_LIST_BYTES_MAX, RELAY_LIST_MS_MAX } from './limits.ts'
import { parseRelayList } from './parse-relay-list.ts'
import type { RelayAddress } from '@kith/protocol'

const RELAY_LIST_PATH = '/.well-known/kith/relays.json'
const REMEMBERED = 'kith-relays'

/** Rejects with {@link RelayListError} when there is no list, neither from the server nor remembered. */
export async function loadRelays(origin: string): Promise<readonly RelayAddress[]> {
  const url = new URL(RELAY_LIST_PATH, origin)
  const remembered = await caches.open(REMEMBERED)
  try {
    const response = await fetch(url, { cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(RELAY_LIST_MS_MAX) })
    const relays = await relaysIn(response.clone(), origin)
    // Remembering is for later: without room for it, what was just read still counts.
    await remembered.put(url, response).catch(() => undefined)
    return relays
  } catch (cause) {
    const last = await remembered.match(url)
    if (last === undefined) throw new RelayListError('the list of relays is out of reach', { cause })
    return relaysIn(last, origin)
  }
}

export class RelayListError extends Error {
  override readonly name = 'RelayListError'
}

async function relaysIn(response: Response, origin: string): Promise<readonly RelayAddress[]> {
  if (!response.ok) throw new RelayListError(`the list of relays was answered with ${response.status}`)
  const text = await response.text()
  const relays = text.length <= RELAY_LIST_BYTES_MAX ? parseRelayList(text, origin) : undefined
  if (relays === undefined) throw new RelayListError('the list of relays is of no known form')
  return relays
}
