// What other relays on the same store did, as this relay's devices should see it.

import { bodyPlaceOf } from './shares.ts'
import { ITEM_ROW_BYTES } from '../limits.ts'
import type { Wake } from '../storage/storage.ts'
import type { Owners } from './mailboxes.ts'
import type { Ports } from './ports.ts'
import type { Shares } from './shares.ts'

type WakingParts = { readonly ports: Ports; readonly owners: Owners; readonly shares: Shares }

export function createWaking({ ports, owners, shares }: WakingParts): (wake: Wake) => void {
  const { storage } = ports
  const release = ({ mailbox, blob }: Extract<Wake, { kind: 'released' }>): void => {
    const share = shares.of(undefined)
    share.release(`mailbox ${mailbox}`, ITEM_ROW_BYTES)
    share.release(bodyPlaceOf(storage, mailbox, blob), Infinity)
  }
  /** A server that took over may have forgotten who listens, and numbers on from what it has. What devices have already they know by its hash. */
  const beginAnew = async (): Promise<void> => {
    const all = [...owners]
    await storage.shared?.listen(all.map(([mailbox]) => mailbox))
    for (const [mailbox, window] of all) if (owners.get(mailbox) === window) window.open(mailbox)
  }
  return (wake) => {
    switch (wake.kind) {
      case 'stored':
        return owners.get(wake.mailbox)?.wake(wake.mailbox)
      case 'taken':
        return owners.drop(wake.mailbox)
      case 'released':
        return release(wake)
      case 'all':
        return void beginAnew().catch(ports.report)
    }
  }
}
