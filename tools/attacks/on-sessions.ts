// Attacks on sessions and sender chains: keys that are none, bundles and first messages that are altered, and states that come back.

import type { Area } from './attack.ts'

const PAIRING = 'protocol/src/session/pairing.test.ts'
const PREKEYS = 'protocol/src/session/prekeys.test.ts'
const RATCHET = 'protocol/src/session/ratchet.test.ts'
const HEALING = 'protocol/src/session/healing.test.ts'
const HEALED = 'protocol/test/scenario/healing.test.ts'
const CARD = 'protocol/src/group/card.test.ts'
const CHAIN = 'protocol/src/group/sender-chain.test.ts'
const AGREE = 'protocol/src/crypto/agree.test.ts'
const PRIMITIVES = 'protocol/src/crypto/primitives.test.ts'
const INITIATION = 'protocol/src/session/simultaneous.test.ts'
const SIMULATION = 'protocol/test/simulation/simulation.test.ts'

export const ON_SESSIONS: Area = {
  name: 'Sessions',
  attacks: [
    {
      attack: 'Agreement keys of low order',
      tests: [
        [AGREE, 'low-order keys are refused'],
        [RATCHET, 'a low-order ratchet key from the peer itself is refused'],
        [PAIRING, 'with a low-order, non-canonical or high-bit ephemeral key is refused'],
      ],
    },
    { attack: 'Agreement keys that are not canonical', tests: [[AGREE, 'keys that are not canonical are refused']] },
    {
      attack: 'Agreement keys with their high bit set',
      tests: [[AGREE, 'a key with its high bit set is refused, although RFC 7748 would ignore the bit']],
    },
    {
      attack: 'A KEM ciphertext that is altered or of another length',
      tests: [
        [PAIRING, 'with an altered KEM ciphertext, or one of the wrong length, is refused'],
        [PRIMITIVES, 'a KEM ciphertext of the wrong length gives nothing, an altered one an unrelated secret'],
      ],
    },
    {
      attack: 'A KEM key that is none',
      tests: [[PRIMITIVES, 'a KEM key of the wrong length or with a coefficient out of range is refused']],
    },
    {
      attack: 'A prekey bundle with wrong signatures',
      tests: [
        [PREKEYS, 'bad signatures, swapped prekeys and foreign keys in a bundle are found'],
        [PAIRING, 'is refused with a bundle that the device did not sign'],
      ],
    },
    {
      attack: 'The bundle of another device, or parts of two',
      tests: [
        [CARD, 'with the prekeys of a device that is not in the list, or that say another key than the list, is none'],
        [PREKEYS, 'bad signatures, swapped prekeys and foreign keys in a bundle are found'],
        [PAIRING, 'is refused with the bundle of another device, and with oneself'],
      ],
    },
    {
      attack: 'Prekeys rightly signed with which no handshake can be made',
      tests: [[PREKEYS, 'prekeys that were signed rightly and with which no handshake can be computed are none']],
    },
    { attack: 'A one-time prekey used twice', tests: [[PAIRING, 'whose one-time prekey was used before is refused']] },
    {
      attack: 'A first message replayed',
      tests: [[PAIRING, 'that is replayed is refused: by the session, and by the prekeys when the session is gone']],
    },
    {
      attack: 'Both begin at once, whatever is lost',
      tests: [
        [INITIATION, 'after simultaneous initiation both write in one session: $name'],
        [INITIATION, 'the same holds when both re-key an old session at once'],
      ],
    },
    {
      attack: 'A jump of the counter, 2,001 messages skipped',
      tests: [
        [RATCHET, 'a jump of 2,000 is followed, one of 2,001 refused'],
        [RATCHET, 'a jump at the end of the peer’s last chain is bounded too'],
        [RATCHET, 'are counted before any of their keys is made, at the end of the last chain as well'],
      ],
    },
    {
      attack: 'A message that does not open must leave the state as it was',
      tests: [
        [RATCHET, 'leave the state byte-identical, whatever was flipped'],
        [PAIRING, 'with any byte flipped is refused and leaves the state byte-identical'],
        [PAIRING, 'an initial message with any byte flipped is refused and leaves the state byte-identical'],
      ],
    },
    {
      attack: 'Somebody made to share a key with another than they think',
      tests: [
        [PAIRING, 'presented as another device’s, or made for another account, is refused: nobody shares a key unknowingly'],
        [PAIRING, 'made with another view of either device list is refused, and says so'],
      ],
    },
    {
      attack: 'Talked down to an older suite, or to none of the one-time prekeys',
      tests: [[PAIRING, 'that names another generation, prekey, suite or no one-time prekey is refused: nothing can be downgraded']],
    },
    {
      attack: 'A message sent back to whoever wrote it',
      tests: [
        [PAIRING, 'an initial message > reflected to its sender is refused'],
        [PAIRING, 'an ordinary message > reflected to its sender is refused'],
      ],
    },
    {
      attack: 'A copy of one side’s state, or of both with a quantum computer',
      tests: [
        [HEALING, 'reads nothing after one round trip, from its second half on'],
        [HEALING, 'whoever has copied one side, and no more than that, reads nothing after one round trip either'],
        [HEALED, 'a copy of $name > reads what is written next, and nothing 100 messages later'],
        [HEALED, 'a copy of $name > reads what is written next, and nothing 24 hours later'],
        [CHAIN, 'that follows another has keys in it that others handed over: the same random numbers do not give the same chain'],
      ],
    },
    {
      attack: 'The ciphertext that heals, replayed, altered, cut, or of another session or epoch',
      tests: [
        [HEALING, 'an answer > that is replayed is refused'],
        [HEALING, 'with any byte of its ciphertext, or its number, altered is refused, and the genuine one is followed after that'],
        [HEALING, 'an answer > of the wrong length is malformed'],
        [HEALING, 'an answer > of another session is refused'],
        [HEALING, 'an answer > of another epoch is refused'],
        [HEALING, 'an answer > nobody asked for is refused'],
      ],
    },
    {
      attack: 'The key or the ciphertext that heals taken away, or never answered',
      tests: [
        [HEALING, 'that was stripped, or put where there was none, does not open: nothing is talked down'],
        [HEALING, 'withheld for ever leaves the session as it is: it goes on, and nothing says that it was healed'],
        [HEALED, 'while the other side is away nothing heals and nothing says so, and all comes when it is back'],
      ],
    },
    {
      attack: 'Both heal at once, or messages are lost, late or cut off by crashes in the midst of it',
      tests: [
        [HEALING, 'crosses with the other side’s: both are answered, one turn after the other'],
        [HEALING, 'that comes late, after a newer one was answered, is not answered: nobody has its secret any more'],
        [HEALING, 'every message of random turns with keys opens once, however they are lost, reordered and cut off by crashes'],
        [HEALING, 'a state from before the key was offered refuses the answer, and a new session heals it'],
        [HEALED, 'a crash of $dying between any two writes of an epoch loses nothing, and the next one heals'],
        [HEALED, 'an older disk of $restored, from before or in the midst of an epoch, is read again and heals'],
      ],
    },
    {
      attack: 'A chain handed out by somebody who does not own it',
      tests: [[CHAIN, 'of a chain by somebody who does not own it is refused']],
    },
    {
      attack: 'A chain handed out under a known id with another key',
      tests: [[CHAIN, 'under the same id with another key is refused, at an earlier, the same and a later step']],
    },
    { attack: 'A chain wound back', tests: [[CHAIN, 'that goes back behind the first handed out step is refused']] },
    { attack: 'A chain beyond its end', tests: [[CHAIN, 'beyond the end of any chain has expired, and so has a key there']] },
    {
      attack: 'A removed device reads on',
      tests: [
        ['protocol/test/scenario/revoking.test.ts', 'is written to by nobody, and reads nothing that is written from then on'],
        [
          'protocol/test/scenario/groups.test.ts',
          'whoever is removed reads nothing that was written after its removal was seen, and is told so',
        ],
        [
          'protocol/test/scenario/let-in.test.ts',
          'what is written after somebody was let in is sealed under a chain that the packet never had',
        ],
      ],
    },
    {
      attack: 'A crash or a restored state makes a key meet its nonce again',
      tests: [
        [CHAIN, 'goes on behind the last step that was used, and gives no key of before'],
        [PAIRING, 'a state restored from before a message never uses a key with a nonce twice'],
        [SIMULATION, 'keeps every promise: seed %i'],
        ['protocol/test/simulation/planted.test.ts', '“$name” is caught by $by'],
      ],
    },
  ],
}
