// What the node keeps of the account document, because its steps need it.

import { blockedIn, settingOf } from '../../documents/account.ts'
import type { Document } from '../../documents/document.ts'
import type { NodeInput } from '../../node/input.ts'
import type { NodeState } from '../../node/state.ts'

type Parts = { readonly state: () => NodeState; readonly push: (input: NodeInput) => void }

/**
 * The account document has the first word on who is blocked and whether reading is told: an engine may have ended between the two, or another own device
 * changed it. What it does not say stays as it is.
 */
export function levelNode(account: Document, { state, push }: Parts): void {
  const { terms, self } = state()
  const blocked = blockedIn(account)
  if (blocked.size !== terms.blocked.size || [...terms.blocked].some((one) => !blocked.has(one)))
    push({ kind: 'set-blocked', accounts: [...blocked.keys()] })
  const readReceipts = settingOf(account, 'readReceipts')
  if (typeof readReceipts === 'boolean' && readReceipts !== self.readReceipts) push({ kind: 'set-read-receipts', readReceipts })
}
