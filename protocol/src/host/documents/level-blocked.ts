import { blockedIn } from '../../documents/account.ts'
import type { Document } from '../../documents/document.ts'
import type { NodeInput } from '../../node/input.ts'
import type { NodeState } from '../../node/state.ts'

/** The account document has the first word on who is blocked: an engine may have ended between the two, or another own device changed it. */
export function levelBlocked(
  account: Document,
  { state, push }: { readonly state: () => NodeState; readonly push: (input: NodeInput) => void },
): void {
  const [said, known] = [blockedIn(account), state().terms.blocked]
  if (said.size !== known.size || [...known].some((one) => !said.has(one))) push({ kind: 'set-blocked', accounts: [...said.keys()] })
}
