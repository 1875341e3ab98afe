// The relay in words.

import type { RelayView } from '@kith/protocol'
import { toSince } from '../time/index.ts'
import { fill, words } from '../words.ts'

export const toRelaySentence = (relay: RelayView | undefined, now: number): string =>
  relay === undefined ? words.relay.none : fill(words.relay[relay.state], { time: toSince(relay.since, now) })

/** What it is and which one. */
export const toRelayTitle = (relay: RelayView | undefined): { readonly text: string; readonly name: string } =>
  relay !== undefined && URL.canParse(relay.url)
    ? { text: words.relay.named, name: new URL(relay.url).host }
    : { text: words.relay.title, name: '' }
