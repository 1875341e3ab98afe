// A new person on a new device.

import { accountIdFromKey, accountKeyOf, createAccount } from '../identity/account.ts'
import { acceptDeviceList, signDeviceList } from '../identity/device-list.ts'
import { createDevice, devicePublicOf } from '../identity/device.ts'
import { EMPTY_PARKING } from '../log/parking.ts'
import { createPrekeys } from '../session/prekeys.ts'
import { directoryOf } from './directory.ts'
import { NOTHING_HANDED } from './incoming/handed.ts'
import { RestMap } from './rest-map.ts'
import { NO_NET } from './net.ts'
import { NO_REMOVALS } from './state.ts'
import { NO_TERMS } from './terms/terms-state.ts'
import type { Env } from './draft.ts'
import type { NodeState } from './state.ts'

/** One-time prekeys made before the first screen, for the first invite; the clockwork makes more. */
const FIRST_ONE_TIME_PREKEYS = 1

export function createNode(env: Env): NodeState {
  const secret = createAccount(env.random)
  const deviceSecret = createDevice(env.random)
  const device = { ...deviceSecret, ...devicePublicOf(deviceSecret) }
  const accountKey = accountKeyOf(secret)
  const account = accountIdFromKey(accountKey)
  const { signingKey, agreementKey } = device
  const list = {
    accountKey,
    serial: 0,
    prev: new Uint8Array(32),
    issued: env.now,
    devices: [{ signingKey, agreementKey, added: env.now }],
    revoked: [],
  }
  const acceptance = acceptDeviceList(undefined, signDeviceList(list, secret), account)
  if (acceptance.kind === 'refused') throw new Error('the own device list is not acceptable')
  return {
    self: { secret, account, device, list: acceptance.pinned, name: undefined, readReceipts: true },
    prekeys: createPrekeys({ device, now: env.now, random: env.random, oneTime: FIRST_ONE_TIME_PREKEYS }),
    circle: undefined,
    home: undefined,
    conversations: RestMap.of('chats', []),
    peers: RestMap.of('contacts', []),
    directory: directoryOf({ peers: [], conversations: [] }),
    removals: NO_REMOVALS,
    handed: NOTHING_HANDED,
    terms: NO_TERMS,
    parking: EMPTY_PARKING,
    net: NO_NET,
  }
}
