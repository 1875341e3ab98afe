// The relay in words.

import type { RelayView } from '@kith/protocol'
import { toSince } from './time/index.ts'
import { routeWords } from './route-words.ts'
import { fill } from './words.ts'

export const toRelaySentence = (relay: RelayView | undefined, now: number): string =>
  relay === undefined ? routeWords.relay.none : fill(routeWords.relay[relay.state], { time: toSince(relay.since, now) })

/** What it is and which one. */
export const toRelayTitle = (relay: RelayView | undefined): { readonly text: string; readonly name: string } =>
  relay !== undefined && URL.canParse(relay.url)
    ? { text: routeWords.relay.named, name: new URL(relay.url).host }
    : { text: routeWords.relay.title, name: '' }
