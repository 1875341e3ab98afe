// `kith-relay rotate-key --yes`: a new key, for an operator whose key somebody else may have. Devices know a relay by its key.

import { chmodSync, existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { toHex } from '@kith/protocol'
import { loadRelayKey } from '../key.ts'
import { refuseHalfRestored } from '../folder.ts'
import { refuseStranger, withFolderLocked } from './lock.ts'
import type { CommandInput } from './run.ts'

const COSTS = `devices then see another relay: links that were shared and not yet answered lead nowhere, and what waits here is sent again by its writers to mailboxes that are made anew`

export async function rotateKey({ config, isSure }: CommandInput): Promise<string> {
  refuseStranger(config.dataDir, 'rotate-key')
  const name = join(config.dataDir, 'relay.key')
  if (!existsSync(name)) throw new Error(`there is no relay.key in ${config.dataDir}; set KITH_DATA_DIR to the relay's folder`)
  if (!isSure) throw new Error(`${COSTS}. If the key may be known to somebody else, say it again with --yes`)
  await refuseHalfRestored(config.dataDir)
  const old = await loadRelayKey(config.dataDir)
  const aside = join(config.dataDir, 'old-keys')
  withFolderLocked(config.dataDir, () => {
    mkdirSync(aside, { recursive: true, mode: 0o700 })
    chmodSync(name, 0o600)
    renameSync(name, join(aside, `${toHex(old.publicKey)}.key`))
  })
  const fresh = await loadRelayKey(config.dataDir)
  return `The key was ${toHex(old.publicKey)}\nand is now ${toHex(fresh.publicKey)}.\nThe old one lies in ${aside}: to go back, put it in place as relay.key.`
}
