// Messages take the time after which they go from their chat, unless whoever sends one says another.

import { createSequences } from './sequences.ts'
import type { ConversationId } from '../bytes/ids.ts'
import type { NodeInput } from '../node/input.ts'
import type { Loop } from './loop.ts'

/** The same loop for commands of a person. Where it is not known when they go, nothing is written: `timerOf` rejects. */
export function timedLoop(loop: Loop, timerOf: (conversation: ConversationId) => Promise<number>): Loop {
  const inTurn = createSequences<ConversationId>()
  async function timed(input: Sending): Promise<NodeInput> {
    if (input.kind === 'send' && input.ttl === undefined) return { ...input, ttl: await timerOf(input.conversation) }
    if (input.kind === 'scheduled' && input.act.kind === 'write' && input.act.ttl === undefined)
      return { ...input, act: { ...input.act, ttl: await timerOf(input.conversation) } }
    return input
  }
  // Each in its turn, so that what is asked first is written first.
  return {
    ...loop,
    ask: (input) => (isSending(input) ? inTurn(input.conversation, () => timed(input)).then(loop.ask) : loop.ask(input)),
  }
}

type Sending = Extract<NodeInput, { readonly kind: 'send' | 'scheduled' }>
const isSending = (input: NodeInput): input is Sending => input.kind === 'send' || input.kind === 'scheduled'
