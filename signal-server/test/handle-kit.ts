// Accounts that claim handles, and strangers who leave a first word for them. For tests of the relay.

import { hash as digest, randomBytes } from 'node:crypto'
import { isWorkDone, signHandleClaim, workHourAt, workStatement } from '@kith/protocol/handle'
import { accountKeyOf, createAccount } from '../../protocol/src/identity/account.ts'
import { createDevice, devicePublicOf } from '../../protocol/src/identity/device.ts'
import { signDeviceList } from '../../protocol/src/identity/device-list.ts'
import { createMailboxKit } from './mailbox-keys.ts'
import type { MailboxId, RelayRequestOf } from '@kith/protocol'
import type { HandleClaim } from '@kith/protocol/handle'
import type { World } from './core-client.ts'

const quickHash = (bytes: Uint8Array): Uint8Array => digest('sha256', bytes, 'buffer')
const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))

type Said = {
  readonly issued?: number
  readonly mailbox?: MailboxId
  readonly isListed?: boolean
  readonly isGivenUp?: boolean
  readonly relayKey?: Uint8Array
  /** Of whoever signs; left out: the account's device. */
  readonly seed?: Uint8Array
  readonly list?: Uint8Array
}

/** An account with one device, a mailbox for first words, and its claims. */
export function createClaimant(world: Pick<World, 'key' | 'now'>) {
  const [account, device, kit] = [createAccount(random), createDevice(random), createMailboxKit()]
  const { signingKey, agreementKey, id } = devicePublicOf(device)
  const listed = { signingKey, agreementKey, added: 1 }
  const accountKey = accountKeyOf(account)
  const listOf = (serial: number) =>
    signDeviceList({ accountKey, serial, prev: new Uint8Array(32).fill(serial), issued: 1, devices: [listed], revoked: [] }, account)
  const list = listOf(0)
  const fieldsOf = (handle: string, said: Said): HandleClaim => ({
    handle,
    list: said.list ?? list,
    device: id,
    issued: said.issued ?? world.now,
    desk: said.isGivenUp
      ? undefined
      : { mailbox: said.mailbox ?? kit.mailbox, key: random(32), kemKey: new Uint8Array(1_184), isListed: said.isListed === true },
  })
  const claim = (handle: string, said: Said = {}): RelayRequestOf<'claim-handle'> => ({
    kind: 'claim-handle',
    claim: signHandleClaim(fieldsOf(handle, said), said.relayKey ?? world.key, said.seed ?? device.signSeed),
  })
  return { kit, list, laterList: listOf(1), seed: device.signSeed, claim }
}

/** Work is done for these, and stands in the call for what is really sent. */
type Hello = { readonly handle: string; readonly mailbox: MailboxId; readonly blob?: Uint8Array; readonly hour?: number }

/** What a relay sees of one. */
export const helloBlob = (): Uint8Array => random(2_160)

export function helloOf(world: Pick<World, 'key' | 'now'>, { handle, mailbox, blob = helloBlob(), hour = workHourAt(world.now) }: Hello) {
  const statement = workStatement({ relayKey: world.key, mailbox, hour, blob })
  let nonce = 0
  while (!isWorkDone(statement, nonce, quickHash)) nonce += 1
  return { kind: 'leave-hello', handle, hour, nonce, blob } as const
}

/** A first number that will not do. */
export function idleNonce(world: Pick<World, 'key'>, { mailbox, blob, hour }: Required<Omit<Hello, 'handle'>>): number {
  const statement = workStatement({ relayKey: world.key, mailbox, hour, blob })
  let nonce = 0
  while (isWorkDone(statement, nonce, quickHash)) nonce += 1
  return nonce
}
