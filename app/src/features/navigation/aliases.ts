// Which alias stands for which conversation, as far as the list has said.

import type { ConversationId } from '@kith/protocol'
import type { Aliases } from './route.ts'

export type Named = { readonly id: ConversationId; readonly alias: string }

/** `learn` answers whether anything was new. */
export const createAliases = (): Aliases & { readonly learn: (all: readonly Named[]) => boolean } => {
  const aliases = new Map<ConversationId, string>()
  const ids = new Map<string, ConversationId>()
  return {
    aliasOf: (id) => aliases.get(id),
    idOf: (alias) => ids.get(alias),
    learn(all) {
      const before = ids.size
      for (const { id, alias } of all) {
        aliases.set(id, alias)
        ids.set(alias, id)
      }
      return ids.size > before
    },
  }
}
