// Which sentence says how a conversation is connected. The words themselves are in route-words.ts.

import type { AppView, ConversationView } from '@kith/protocol'
import { routeWords } from '../route-words.ts'
import { words } from '../words.ts'
import type { Sentence } from './sentences.ts'
import type { TestOutcome } from './useConnectionTest.ts'

type OneRoute = 'directOnly' | 'directLong' | 'relayLong' | 'offlineHere' | 'offlineAway' | 'offlineRelay' | 'connecting'
/** What is said otherwise of a group. */
export type RouteWords = { readonly [Name in OneRoute]?: string } & { readonly found?: { readonly [Name in TestOutcome]?: string } }

export const toRouteSentence = (
  view: ConversationView,
  app: AppView | undefined,
  name: string,
  said: Readonly<Record<OneRoute, string>> = routeWords,
): Sentence => {
  switch (view.route) {
    case 'direct':
      return { text: app?.relay?.state === 'away' ? said.directOnly : said.directLong, name }
    case 'relay':
      return { text: said.relayLong, name }
    case 'offline':
      return { text: toBrokenWords(view) ?? toOfflineWords(app, said), name }
  }
}

/** What does not mend by itself, or not from here. */
const toBrokenWords = ({ waiting }: ConversationView): string | undefined =>
  waiting?.reason.endsWith('relay-gone') === true ? words.wait[waiting.reason] : undefined

/** What is down, and what works nevertheless. */
const toOfflineWords = (app: AppView | undefined, said: Readonly<Record<OneRoute, string>>): string => {
  if (app?.network === 'offline') return said.offlineHere
  if (app?.relay?.state === 'online') return said.offlineAway
  return app?.relay?.state === 'away' ? said.offlineRelay : said.connecting
}
