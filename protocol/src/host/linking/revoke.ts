// Taking a device out of the list, and telling it.

import { toHex } from '../../bytes/bytes.ts'
import { REVOKED_TOLD_TIMES_MAX } from '../../limits.ts'
import { sealBlob } from '../../mailbox/blob.ts'
import { NetworkError } from '../../ports.ts'
import type { Commands } from '../../engine.ts'
import type { Network, Timer } from '../../ports.ts'
import type { MailboxGrant } from '../../wire/capability.ts'
import type { Loop } from '../loop.ts'

const AGAIN_MS = 5_000

type Parts = {
  readonly loop: Pick<Loop, 'state' | 'ask'>
  readonly network: Network
  readonly timer: Timer
  readonly log: (line: string) => void
}

export function createRevoke(parts: Parts): Commands['revokeDevice'] {
  return async ({ device }) => {
    const grant = parts.loop.state().peers.awake.get(device)?.outbox
    const outcome = await parts.loop.ask({ kind: 'revoke-device', device })
    if (outcome.kind !== 'done') return { kind: 'refused', reason: 'unknown-device' }
    if (grant !== undefined) tell(parts, grant).catch((error: unknown) => parts.log(`a revoked device was not told: ${String(error)}`))
    return { kind: 'saved' }
  }
}

/** The list that does not name it lies in its mailbox. */
async function tell({ loop, network, timer }: Parts, grant: MailboxGrant): Promise<void> {
  const blob = sealBlob(grant, [{ kind: 'device-list', list: loop.state().self.list.signed }])
  for (let tells = 0; tells < REVOKED_TOLD_TIMES_MAX; tells += 1) {
    try {
      const answer = await network.request(toHex(grant.relay.key), { kind: 'deposit', deposits: [{ mailboxes: [grant.mailbox], blob }] })
      if (answer.kind === 'deposited' && answer.verdicts[0]?.[0]?.kind === 'done') return
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error
    }
    await new Promise<void>((resolve) => void timer(AGAIN_MS, resolve))
  }
}
