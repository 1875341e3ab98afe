// What the Signal v3 and the Olm profile of our ratchet have in common: labels for HKDF, AES-256-CBC, an 8-byte MAC at the end, a plain
// header in Protocol Buffers.

import { hkdf, hmac, openCbc, sealCbc, shortMac } from './aes.ts'
import { bytesField, numberField, readProtobuf, writeProtobuf } from './protobuf.ts'
import { concatBytes, equalBytes } from '../protocol/src/bytes/bytes.ts'
import type { ProtobufFields } from './protobuf.ts'
import type { RatchetHeader, RatchetProfile } from '../protocol/src/session/ratchet.ts'

export type CbcLabels = {
  readonly version: number
  readonly ratchetInfo: string
  readonly messageInfo: string
  /** The public key as it stands in a message. */
  readonly toWireKey: (key: Uint8Array) => Uint8Array
  readonly fromWireKey: (key: Uint8Array) => Uint8Array
  /** Fields between the step and the ciphertext. */
  readonly previousFields: (header: RatchetHeader) => readonly (readonly [number, number])[]
  readonly previousOf: (fields: ProtobufFields) => number | undefined
  /** What the MAC covers in front of the message. */
  readonly macPrefix: (associated: Uint8Array) => Uint8Array
}

const MAC_BYTES = 8
const NONE = new Uint8Array(0)

export function cbcProfile(labels: CbcLabels): RatchetProfile {
  const keysOf = (messageKey: Uint8Array) => {
    const bytes = hkdf(messageKey, NONE, labels.messageInfo, 80)
    return { cipherKey: bytes.slice(0, 32), macKey: bytes.slice(32, 64), iv: bytes.slice(64) }
  }
  const macOf = (macKey: Uint8Array, associated: Uint8Array, content: Uint8Array): Uint8Array =>
    shortMac(macKey, concatBytes(labels.macPrefix(associated), content))
  const fieldsOf = (message: Uint8Array): ProtobufFields | undefined =>
    message[0] === labels.version ? readProtobuf(message.subarray(1, message.length - MAC_BYTES)) : undefined
  return {
    rootStep: (root, shared) => {
      const bytes = hkdf(shared, root, labels.ratchetInfo, 64)
      return { root: bytes.slice(0, 32), chain: bytes.slice(32), headerKey: NONE }
    },
    chainStep: (chain) => ({ chain: hmac(chain, Uint8Array.of(2)), messageKey: hmac(chain, Uint8Array.of(1)) }),
    seal: ({ messageKey, header, plaintext, associated }) => {
      const { cipherKey, macKey, iv } = keysOf(messageKey)
      const ciphertext = sealCbc(cipherKey, iv, plaintext)
      const fields = [
        [1, labels.toWireKey(header.ratchetKey)] as const,
        [2, header.step] as const,
        ...labels.previousFields(header),
        [4, ciphertext] as const,
      ]
      const content = concatBytes(Uint8Array.of(labels.version), writeProtobuf(fields))
      return concatBytes(content, macOf(macKey, associated, content))
    },
    readHeader: (_, message) => {
      const fields = fieldsOf(message)
      if (fields === undefined) return undefined
      return { ratchetKey: labels.fromWireKey(bytesField(fields, 1)), step: numberField(fields, 2), previous: labels.previousOf(fields) }
    },
    open: ({ messageKey, message, associated }) => {
      const { cipherKey, macKey, iv } = keysOf(messageKey)
      const fields = fieldsOf(message)
      const content = message.subarray(0, message.length - MAC_BYTES)
      const isGenuine = equalBytes(macOf(macKey, associated, content), message.slice(message.length - MAC_BYTES))
      return fields !== undefined && isGenuine ? openCbc(cipherKey, iv, bytesField(fields, 4)) : undefined
    },
  }
}
