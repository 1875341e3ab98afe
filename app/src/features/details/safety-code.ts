// A safety number as a QR code says it (docs/protocol.md §2.4). Both sides have one number, so the code also says which of the two shows it: what one’s own
// other device shows is the same number, and proves nothing about anybody else.

import type { AccountId } from '@kith/protocol'
import { SAFETY_MARK } from '../scan/index.ts'

type Pair = { readonly self: AccountId; readonly peer: AccountId; readonly number: string }

/** `own`: shown by a device of the person who scans it. */
export type Comparison = 'match' | 'mismatch' | 'own' | 'broken'

const CODE = new RegExp(`^${SAFETY_MARK}1([ab])((?: [0-9]{5}){12})$`)

const sideOf = (account: AccountId, other: AccountId): string => (account < other ? 'a' : 'b')

export const toSafetyCode = ({ self, peer, number }: Pair): string =>
  `${SAFETY_MARK}1${sideOf(self, peer)} ${number.match(/.{5}/g)?.join(' ') ?? ''}`

export const compareCode = (scanned: string, { self, peer, number }: Pair): Comparison => {
  const [, side, digits] = CODE.exec(scanned) ?? []
  if (side === undefined || digits === undefined) return 'broken'
  if (digits.replaceAll(' ', '') !== number) return 'mismatch'
  return side === sideOf(peer, self) ? 'match' : 'own'
}
