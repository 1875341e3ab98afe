// What a commit set off is done here, after it: acknowledgements, documents, and lines for the operator.

import type { ConversationId } from '../bytes/ids.ts'
import type { Effect } from '../node/draft.ts'
import type { AccountSync } from './documents/account-sync.ts'
import type { Documents } from './documents/documents.ts'
import type { Holds } from './network/holds.ts'

export type EffectParts = {
  readonly holds: Holds
  readonly documents: Documents
  readonly accounts: Pick<AccountSync, 'takeIn'> | undefined
  /** A conversation has left the state; what remains of it is to be erased. */
  readonly eraser: { readonly tidy: () => Promise<void> }
  readonly outlook: { readonly wentOut: (messages: number) => void }
  /** Something that screens show of a conversation has changed without the node's state. */
  readonly watchers: { readonly changed: (conversation: ConversationId) => void }
  readonly log: (line: string) => void
}

export function performAll(effects: readonly Effect[], parts: EffectParts): void {
  for (const effect of effects) perform(effect, parts)
  parts.holds.send()
  report(effects, parts.log)
}

function perform(effect: Effect, { holds, documents, accounts, eraser, outlook, watchers, log }: EffectParts): void {
  switch (effect.kind) {
    case 'acknowledge':
      return holds.acknowledge(effect)
    case 'hold':
      return holds.hold(effect)
    case 'document':
      documents.takeIn(effect.conversation).then(
        () => watchers.changed(effect.conversation),
        (error: unknown) => log(`a document's updates wait: ${String(error)}`),
      )
      return
    case 'account':
      return accounts?.takeIn(effect.device, effect.of)
    case 'removed':
      return void eraser.tidy()
    case 'went-out':
      return outlook.wentOut(effect.messages)
    case 'refused':
    case 'answer':
      return
  }
}

// Whoever sends a thousand wrong things gets one line.
function report(effects: readonly Effect[], log: (line: string) => void): void {
  const counts = new Map<string, number>()
  for (const effect of effects) {
    if (effect.kind !== 'refused') continue
    const line = `refused: ${effect.what}, ${effect.reason}`
    counts.set(line, (counts.get(line) ?? 0) + 1)
  }
  for (const [line, count] of counts) log(count === 1 ? line : `${line} (${count} times)`)
}
