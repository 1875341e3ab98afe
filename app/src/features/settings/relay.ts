// The relay in words.

import type { RelayView } from '@kith/protocol'
import { toSince } from '../time/index.ts'
import { fill, words } from '../words.ts'

export const toRelaySentence = (relay: RelayView | undefined, now: number): string =>
  relay === undefined ? words.relay.none : fill(words.relay[relay.state], { time: toSince(relay.since, now) })

export const toRelayHost = (relay: RelayView | undefined): string => {
  if (relay === undefined) return words.relay.title
  return URL.canParse(relay.url) ? new URL(relay.url).host : words.relay.title
}
