// Who is in a 1:1 conversation, and the hash by which an author says whom he believes to be in it (docs/protocol.md §5.9).

import { concatBytes, fromHex, toHex } from '../bytes/bytes.ts'
import { labelHash } from '../crypto/hash.ts'
import type { AccountId } from '../bytes/ids.ts'

/** H("kith/1/members", accounts): none in the create entry, then the founder, then the founder and the admitted account. */
export const membersHash = (accounts: readonly AccountId[]): Uint8Array =>
  labelHash('kith/1/members', concatBytes(...accounts.map((account) => fromHex(account))))

/** Every member state that an author of this conversation may have believed in, as hex: what admission accepts. */
export function membersAccepted(pair: { readonly founder: AccountId; readonly admitted: AccountId | undefined }): ReadonlySet<string> {
  const states = [[], [pair.founder], ...(pair.admitted === undefined ? [] : [[pair.founder, pair.admitted]])]
  return new Set(states.map((accounts) => toHex(membersHash(accounts))))
}
