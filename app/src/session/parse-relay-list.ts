// What a server's list of relays says, if it is one.

import { fromHex, isRelayUrl } from '@kith/protocol'
import { RELAYS_LISTED_MAX } from './limits.ts'
import type { RelayAddress } from '@kith/protocol'

const KEY = /^[0-9a-f]{64}$/

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
