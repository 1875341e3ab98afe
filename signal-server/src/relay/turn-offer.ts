// What one stream is told of the operator's TURN server. Only somebody who has a mailbox here is told, so that nobody gets more of it than mailboxes, which
// are counted for each address (docs/protocol.md §8.8).

import { toHex } from '@kith/protocol'
import { refused } from './ports.ts'
import type { Outcome, Ports } from './ports.ts'

const NAME_BYTES = 12

export function createTurnOffer({ turnCredentials, random, clock }: Ports, hasOpened: () => boolean): () => Outcome {
  /** One name for the stream, however often it asks: the TURN server counts what a name has open. */
  let name: string | undefined
  return () => {
    if (!turnCredentials) return refused('unknown')
    if (!hasOpened()) return refused('denied')
    name ??= toHex(random(NAME_BYTES))
    return { answer: { kind: 'turn', credentials: turnCredentials(name, clock()) } }
  }
}
