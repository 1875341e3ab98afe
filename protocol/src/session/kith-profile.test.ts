import { expect, test } from 'vitest'
import { seededRandom } from '../../test/vectors/seeded-random.ts'
import { mac } from '../crypto/hash.ts'
import { kithProfile } from './kith-profile.ts'

const random = seededRandom('profile')

test('a step of a chain gives the key of a message and the next chain, each under its own number', () => {
  const chain = random(32)
  expect(kithProfile.chainStep(chain)).toEqual({ messageKey: mac(chain, Uint8Array.of(1)), chain: mac(chain, Uint8Array.of(2)) })
})

test('a header is read of a message that says nothing, and of none that is shorter', () => {
  const headerKey = random(32)
  const header = { ratchetKey: random(32), step: 3, previous: 5 }
  const message = kithProfile.seal({
    messageKey: random(32),
    headerKey,
    header,
    plaintext: new Uint8Array(0),
    associated: new Uint8Array(0),
    random,
  })
  expect(kithProfile.readHeader(headerKey, message)).toEqual(header)
  for (let length = 0; length < message.length; length++)
    expect(kithProfile.readHeader(headerKey, message.subarray(0, length))).toBeUndefined()
  expect(kithProfile.readHeader(random(32), message)).toBeUndefined()
})
