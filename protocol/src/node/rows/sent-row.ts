// What a command with a `ref` has done, kept in the transaction that did it: the same command acts once, and another one under the same ref is told so.

import { fromHex, utf8ToBytes } from '../../bytes/bytes.ts'
import { decode, encode, fixed, optional, struct } from '../../bytes/codec.ts'
import { labelHash } from '../../crypto/hash.ts'
import type { AccountId, ConversationId, EntryId } from '../../bytes/ids.ts'
import type { StoreWrite } from '../../ports.ts'

/** What a command asks for; its `ref` stands for exactly this. `text` without the white space around it. */
export type RefCommand =
  | { readonly kind: 'create'; readonly text: string | undefined }
  | { readonly kind: 'create-group'; readonly members: readonly AccountId[] }
  | { readonly kind: 'ask-to-talk'; readonly group: ConversationId; readonly account: AccountId; readonly text: string }
  | { readonly kind: 'send'; readonly conversation: ConversationId; readonly text: string; readonly answers?: EntryId | undefined }

const RESULT_BYTES = 32

/** `digest`: of the command. Rows of older versions are the result alone. */
const sentRow = struct({ result: fixed(RESULT_BYTES), digest: optional(fixed(32)) })

export function digestOf(command: RefCommand): Uint8Array {
  const answers = command.kind === 'send' ? command.answers : undefined
  const kind = utf8ToBytes(answers === undefined ? command.kind : 'reply')
  if (command.kind === 'create-group') return labelHash('kith/1/command', kind, ...command.members.map(fromHex))
  return labelHash('kith/1/command', kind, ...placesOf(command).map(fromHex), utf8ToBytes(command.text?.trim() ?? ''))
}

function placesOf(command: Exclude<RefCommand, { kind: 'create-group' }>): readonly string[] {
  if (command.kind === 'ask-to-talk') return [command.group, command.account]
  return command.kind === 'send' ? [command.conversation, ...(command.answers === undefined ? [] : [command.answers])] : []
}

export const writeSent = (ref: string, command: RefCommand, result: ConversationId | EntryId): StoreWrite => ({
  kind: 'put',
  table: 'sent',
  key: ref,
  value: encode(sentRow, { result: fromHex(result), digest: digestOf(command) }),
})

/** What came of the command that acted under a ref, and its digest where that is known. */
export function readSent(value: Uint8Array): { readonly result: Uint8Array; readonly digest: Uint8Array | undefined } {
  return value.length === RESULT_BYTES ? { result: value, digest: undefined } : decode(sentRow, value)
}
