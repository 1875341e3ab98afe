// Which alias stands for which conversation: what the list says now, and a conversation that was made a moment ago.

import type { ConversationId } from '@kith/protocol'
import type { Aliases } from './route.ts'

export type AliasedChat = { readonly id: ConversationId; readonly alias: string }

export type KnownAliases = Aliases & {
  /** Everything that there is, newest first. What is not among it any more is forgotten. */
  readonly learn: (all: readonly AliasedChat[]) => void
  /** One that the list will have in a moment. */
  readonly expect: (made: AliasedChat) => void
  readonly newest: (except: ConversationId | undefined) => ConversationId | undefined
}

export const createAliases = (): KnownAliases => {
  let listed: readonly AliasedChat[] = []
  let made: AliasedChat | undefined
  const find = (isMeant: (named: AliasedChat) => boolean): AliasedChat | undefined =>
    listed.find(isMeant) ?? (made !== undefined && isMeant(made) ? made : undefined)
  return {
    aliasOf: (id) => find((named) => named.id === id)?.alias,
    idOf: (alias) => find((named) => named.alias === alias)?.id,
    newest: (except) => find((named) => named.id !== except)?.id,
    learn(all) {
      listed = all
      if (all.some(({ id }) => id === made?.id)) made = undefined
    },
    expect(named) {
      made = named
    },
  }
}
