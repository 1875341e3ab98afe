// The relays that this page's server names: /.well-known/kith/relays.json, remembered for starts without a network.

import { fromHex, isRelayUrl } from '@kith/protocol'
import { RELAYS_LISTED_MAX, RELAY_LIST_BYTES_MAX, RELAY_LIST_MS_MAX } from './limits.ts'
import type { RelayAddress } from '@kith/protocol'

const RELAY_LIST_PATH = '/.well-known/kith/relays.json'
const REMEMBERED = 'kith-relays'
const KEY = /^[0-9a-f]{64}$/

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

/** `{"relays": [{"key": hex of 32 bytes, "url"?: ws or wss}]}`; without a url, the relay is where the page came from. */
export function parseRelayList(text: string, origin: string): readonly RelayAddress[] | undefined {
  const list = parseJson(text)
  if (!isRecord(list) || !Array.isArray(list['relays'])) return undefined
  const items: readonly unknown[] = list['relays']
  if (items.length === 0 || items.length > RELAYS_LISTED_MAX) return undefined
  const relays = items.flatMap((item) => parseRelay(item, origin) ?? [])
  return relays.length === items.length ? relays : undefined
}

function parseRelay(item: unknown, origin: string): RelayAddress | undefined {
  if (!isRecord(item)) return undefined
  const { key, url = origin.replace(/^http/, 'ws') } = item
  if (typeof key !== 'string' || !KEY.test(key) || typeof url !== 'string' || !isRelayUrl(url)) return undefined
  return { key: fromHex(key), url }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // Not JSON is one more way of being of no known form.
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
