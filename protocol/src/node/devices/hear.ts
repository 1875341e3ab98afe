// What own devices say to each other takes effect.

import { tryDecode } from '../../bytes/codec.ts'
import { cleanName } from '../../conversation/text.ts'
import { circleSaid } from '../../linking/said.ts'
import { refuse } from '../draft.ts'
import { nameDevice } from './circle.ts'
import { takeReach } from './meet.ts'
import { takeShare } from './share.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { Draft } from '../draft.ts'

/** What another own device said in the circle. */
export function takeCircleSaid(draft: Draft, device: DeviceId, bytes: Uint8Array): void {
  const said = tryDecode(circleSaid, bytes)
  switch (said?.kind) {
    case 'named':
      return nameDevice(draft, device, cleanName(said.name))
    case 'share':
      return takeShare(draft, device, said)
    case 'reach':
      return takeReach(draft, device, said)
    case undefined:
      return refuse(draft, 'circle', 'malformed')
  }
}
