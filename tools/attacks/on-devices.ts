// Attacks on the devices of a person, on linking one, and by or against a relay.

import { ON_HANDLES } from './on-handles.ts'
import type { Area } from './attack.ts'

const LISTS = 'protocol/src/identity/device-list.test.ts'
const LINKING = 'protocol/test/scenario/linking-attacks.test.ts'
const SCANNED = 'app/src/features/scan/kinds.test.ts'
const SAFETY = 'app/src/features/details/safety-code.test.ts'
const RELAY = 'protocol/test/scenario/hostile-relay.test.ts'
const MAILBOXES = 'signal-server/src/relay/mailboxes.test.ts'
const FRAMES = 'signal-server/src/transport/frames.test.ts'
const STREAM = 'signal-server/src/transport/stream.test.ts'
const NOISE = 'app/src/adapters/libp2p/noise-stream.test.ts'
const STOLEN = 'protocol/test/scenario/contradicting-lists.test.ts'
const EXPIRY = 'protocol/test/scenario/list-expiry.test.ts'
const ALARMS = 'protocol/test/scenario/alarms.test.ts'
const BROWSER = 'app/src/adapters/libp2p/libp2p.e2e.ts'
const TURN = 'signal-server/src/turn-server.test.ts'
const COTURN = 'signal-server/test/turn/turn.test.ts'
const TURN_SERVERS = 'app/src/adapters/libp2p/turn-servers.test.ts'
const HELD = 'signal-server/src/relay/holding.test.ts'
const SEALED = 'protocol/src/conversation/scheduled.test.ts'
const SCHEDULED = 'protocol/test/scenario/scheduled.test.ts'
const HOMES = 'protocol/test/scenario/two-homes.test.ts'
const LINKS = 'protocol/test/scenario/links-at-two.test.ts'
const SECOND = 'protocol/src/node/mailboxes/second.test.ts'
const TURNING = 'protocol/src/node/mailboxes/turning.test.ts'

export const ON_DEVICES: Area = {
  name: 'Devices and relay',
  attacks: [
    {
      attack: 'An older list of devices in the place of the newer one',
      tests: [
        [LISTS, 'with a lower serial is a rollback'],
        [LISTS, 'that forgets a revocation is a rollback'],
      ],
    },
    {
      attack: 'Another list under the same number',
      tests: [
        [LISTS, 'with the same serial, where each of the two says what the other does not, is a fork'],
        [LISTS, 'with the same serial that says more is accepted, and one that says less is older'],
        [LISTS, 'only raises the alarm of a fork when the account signed it'],
      ],
    },
    {
      attack: 'A list with others missing before it',
      tests: [[LISTS, 'that follows another list than the pinned one is a fork, or a gap, where it leaves out what that one says']],
    },
    {
      attack: 'A list that has expired',
      tests: [
        [EXPIRY, 'a relay that keeps a removal from a contact cannot have the removed device written to for ever'],
        [EXPIRY, 'whom nobody has heard of for four months is written nothing, which is said, and gets all of it when they are back'],
        [EXPIRY, 'two who were both away for a year go on as if it had been a day'],
        [EXPIRY, 'two own devices that renew it apart from each other make no fork: a contact, and both of them, end with one list'],
      ],
    },
    {
      attack: 'Lists of one account that contradict each other, each shown to another contact',
      tests: [
        [ALARMS, 'whose devices hand over such lists is shown so, in whichever order they come, and the proof outlives a restart'],
        [ALARMS, 'whom two people know is noticed by both of them, as soon as one of them has both lists; so are their own devices'],
        [ALARMS, 'count where they contradict each other and their account is known, and so many are judged in a minute'],
        [ALARMS, 'are kept of so many accounts and no more'],
      ],
    },
    {
      attack: 'A stolen or revoked device signs a list of its own',
      tests: [
        [STOLEN, 'before it was removed is removed all the same, with whom it has added, and a contact sees both lists in either order'],
        [STOLEN, 'after it was removed is taken by nobody: a fork, a longer one, and one that takes the others out'],
        [
          'protocol/test/scenario/revoked-returns.test.ts',
          'a revoked device that signs itself in again is taken by nobody, and takes nobody out',
        ],
      ],
    },
    { attack: 'The code for a new device used again', tests: [[LINKING, 'that was used once adds nobody else']] },
    { attack: 'The code for a new device after its time', tests: [[LINKING, 'that has expired adds nobody']] },
    { attack: 'The code for a new device scanned by two', tests: [[LINKING, 'that two devices have scanned adds neither']] },
    {
      attack: 'Somebody between the two devices who passes everything on',
      tests: [
        [LINKING, 'shows each another number'],
        [LINKING, 'cannot choose its share after it has seen the other’s'],
        [LINKING, 'opens nothing of what is handed over'],
      ],
    },
    {
      attack: 'A linking begun by opening an address',
      tests: [
        [LINKING, 'is none inside an address, and an address is no code'],
        [
          'app/e2e/devices.e2e.ts',
          'a code that was used, or is none, adds nobody; a second device is linked in two actions, and three devices talk',
        ],
      ],
    },
    {
      attack: 'A code scanned where one of another kind is asked for',
      tests: [
        [SCANNED, 'is no linking code inside an address or among words: only the code itself begins a linking'],
        [
          'app/src/features/scan/useScan.test.ts',
          'takes no code of another kind: an invite begins no linking, a linking code opens no chat, and neither compares anything',
        ],
        ['app/e2e/scan.e2e.ts', 'a device is added by scanning the code of the other, and by nothing else that is scanned'],
      ],
    },
    {
      attack: 'A scanned text that is too long, or an address',
      tests: [
        [SCANNED, 'that is longer than a code can be is nothing'],
        [SCANNED, 'that is an address which would run is nothing, whatever stands in it'],
        [SCANNED, 'is no invite without its mark, and an address is nothing by itself'],
        [SCANNED, 'that is an invite for another origin is told apart, with the end of its host'],
      ],
    },
    {
      attack: 'A safety number that is not that of the other side, scanned',
      tests: [
        [SAFETY, 'of another account does not match, nor one of which a digit is another'],
        [SAFETY, 'on a device of one’s own is no proof, though the number is the same'],
        [SAFETY, 'is nothing in part, with more behind it, or of a later version'],
        ['app/e2e/scan.e2e.ts', 'two who are together compare their safety number by scanning, and what does not match is said loudly'],
      ],
    },
    {
      attack: 'A relay that has devices ask whom it likes for their addresses',
      tests: [
        [TURN_SERVERS, 'are none where a relay slips in %s'],
        [
          'app/src/adapters/libp2p/relay-link.test.ts',
          'asks a relay for TURN servers once mailboxes were opened there, right behind that, and once on each stream',
        ],
      ],
    },
    {
      attack: "A TURN server used as a proxy, or as a way into its operator's networks",
      tests: [
        [TURN, 'are for whoever has opened a mailbox on the stream, and not for its writer, a stranger, or before the greeting'],
        [COTURN, 'takes none that are over, are made with another secret, or say that they last longer'],
        [COTURN, 'a TURN server as deploy/turnserver.conf has it is no way to the machine that it runs on'],
      ],
    },
    {
      attack: 'A relay that drops one message',
      tests: [[RELAY, 'a relay that drops one message is found out by the next, and the message comes']],
    },
    {
      attack: 'A relay that drops all messages of one person',
      tests: [[RELAY, 'a relay that drops all of one sender is found out by a direct link']],
    },
    { attack: 'A relay that gives everything several times', tests: [[RELAY, 'every blob three times: each message once']] },
    {
      attack: 'A relay that gives everything backwards',
      tests: [
        [RELAY, 'everything of a mailbox backwards, across new chains: the same conversation, without asking anybody'],
        [RELAY, 'an answer to an invite backwards: what comes before its introduction waits for it'],
      ],
    },
    {
      attack: 'A relay that says that a full mailbox is empty',
      tests: [[RELAY, 'a relay that says that a mailbox is empty delays, and no tick says otherwise']],
    },
    {
      attack: 'A relay that gives the blob of another mailbox',
      tests: [[RELAY, "another mailbox's blob opens nothing, and the real ones still come"]],
    },
    {
      attack: 'A relay that swaps packets or prekeys',
      tests: [
        [RELAY, 'a relay that gives the packet of another invite for a link has nobody meet somebody else, and the right one still opens'],
        [
          'protocol/src/invite/packet.test.ts',
          'with the prekeys of a device that is not in the list, or that the device did not sign, is refused',
        ],
      ],
    },
    {
      attack: 'A relay that shows two devices of one person different things',
      tests: [
        [
          'protocol/test/scenario/several-devices.test.ts',
          'a relay that splits views, and shows a message to one device only, is found out by a direct link between the two',
        ],
      ],
    },
    {
      attack: 'A relay that says it stored what it did not',
      tests: [
        [
          'protocol/test/scenario/forged-deposit.test.ts',
          'a deposit that is answered with %s leaves the tick at “saved”, and is made again',
        ],
        ['protocol/src/mailbox/deposit-answer.test.ts', 'of another relay proves nothing'],
      ],
    },
    {
      attack: 'A relay that is killed while it stores',
      tests: [
        ['signal-server/test/kill/kill.test.ts', 'a relay that is killed under load loses no acknowledged blob, and keeps none twice'],
        ['signal-server/test/relay-streams.test.ts', 'has every blob that it acknowledged after a restart'],
      ],
    },
    {
      attack: 'A relay that is destroyed with its disk, after it acknowledged',
      tests: [
        [
          'signal-server/test/two/relay-lost.test.ts',
          'one of two relays is destroyed under load: 0 acknowledged messages lost or doubled, and no more than 5 s without any',
        ],
        [HOMES, 'what one relay had acknowledged is not lost with its disk, whoever is away'],
        [HOMES, 'a writer who was away finds out when they are back'],
      ],
    },
    {
      attack: 'A contact that names relay after relay, or a second one that is none',
      tests: [
        [SECOND, 'takes the place of the one before: there is never a third'],
        [SECOND, 'of a mailbox that is not theirs, or at the same relay, is refused'],
        [TURNING, 'whose second relay is needed is one to be connected with there, and otherwise is not'],
      ],
    },
    {
      attack: 'A second relay that is left out, so that a contact is reached at one',
      tests: [[SECOND, 'without its second, as somebody says it who knows of none, leaves things as they were']],
    },
    {
      attack: 'A list of relays that would move somebody to others',
      tests: [[HOMES, 'a list that names other relays moves no mailbox away from one that answers']],
    },
    {
      attack: 'A list of relays that names one of the attacker’s, where links are looked for',
      tests: [[LINKS, 'tells a hostile relay on the list no name under which anything lies']],
    },
    {
      attack: 'Two people who use one link at two relays that do not hear of each other',
      tests: [
        [LINKS, 'opened at both at once lets one person in, and the other hears that it was used'],
        [HOMES, 'lets somebody in by a link whose relay %s'],
      ],
    },
    {
      attack: 'A packet that is older than the end of its invite, at the second relay',
      tests: [
        [LINKS, 'whose end a relay has not heard of is read there, and lets nobody in'],
        [LINKS, 'that was taken back is so at the second relay too'],
        [HOMES, 'by a link that was taken back nobody comes at the second relay either'],
      ],
    },
    {
      attack: 'A relay that gives another packet for the name that follows from a link',
      tests: [[LINKS, 'opens nothing that a relay has from the first one, or of another invite, for the derived name']],
    },
    {
      attack: 'An answer to a link that the other relay brings again',
      tests: [[LINKS, 'is answered once, though the other relay brings the answer again']],
    },
    {
      attack: 'A cut network that makes a device take a relay for dead',
      tests: [[TURNING, 'is not moved by this device’s own network: where no relay has been there for a while nobody is']],
    },
    {
      attack: 'Reading a mailbox with the key to write there',
      tests: [
        [MAILBOXES, 'the send key does not read, and the read key does not write'],
        [MAILBOXES, "a send key that signs the reader's statement does not read"],
      ],
    },
    {
      attack: 'A proof replayed at another relay',
      tests: [[MAILBOXES, 'a proof counts on its own stream, at its own relay, for its own mailbox only']],
    },
    {
      attack: 'An older record put in the place of the newer one',
      tests: [['signal-server/src/relay/records.test.ts', 'does not roll back: an older serial, or the same with other content, is stale']],
    },
    {
      attack: '1,000 requests to talk',
      tests: [
        ['protocol/test/scenario/requests.test.ts', '1,000 of one group leave room for those of others, and so many are kept in all'],
      ],
    },
    ...ON_HANDLES,
    {
      attack: 'One fills the relay',
      tests: [
        ['signal-server/src/relay/shares.test.ts', 'fills its share by however many mailboxes and streams, and waits; others go on'],
        [MAILBOXES, 'blob 1,001 is full, a known blob is not, and other mailboxes take more'],
      ],
    },
    {
      attack: 'Frames that are too large',
      tests: [
        [FRAMES, 'of the largest size pass; one byte more, or none at all, does not'],
        [STREAM, 'with a frame too large is refused and over, and nothing after it is read'],
        ['protocol/src/wire/bounds.test.ts', 'a length above the bound is refused before anything is read'],
      ],
    },
    {
      attack: 'Frames in as many pieces as they have bytes',
      tests: [[FRAMES, 'come out whole in as many pieces as they have bytes, and few pieces wait at a time']],
    },
    {
      attack: 'Frames that never end',
      tests: [[STREAM, 'with a frame that never ends is refused after its time, however often a byte comes']],
    },
    {
      attack: 'A direct connection by somebody with another key than the device’s',
      tests: [
        [NOISE, 'refuses an opener with another key'],
        [NOISE, 'refuses an answerer with another key'],
        ['app/src/adapters/libp2p/direct-links.test.ts', 'refuse a device that proves another key, and drop its connection'],
        [BROWSER, 'a device that cannot prove its key inside the stream is refused, whoever opened it'],
      ],
    },
    {
      attack: 'An offer by a stranger, to learn an address',
      tests: [
        ['app/src/adapters/libp2p/gate.test.ts', 'lets in a circuit of an allowed device while there is room, through a configured relay'],
        ['app/src/adapters/libp2p/direct-links.test.ts', 'dial nobody who is not allowed'],
        [BROWSER, 'a stranger gets no circuit, and the device that it wanted makes no offer'],
        [BROWSER, 'a relay that opens signalling on its own connection gets no offer'],
      ],
    },
    {
      attack: 'A relay that hands out early, twice, late or never what it is to hold back',
      tests: [
        [SCHEDULED, 'a relay that hands out the key early shows nothing before the date'],
        [SCHEDULED, 'a relay that repeats the key shows it once, and one that keeps it leaves it to its writer'],
        [SCHEDULED, 'a key that comes late puts nothing unmarked above an answer'],
      ],
    },
    {
      attack: 'Somebody who leaves things to be held back for others, or takes back what others left',
      tests: [
        [HELD, 'neither leaves nor takes back anything there, and is not told whether there is something'],
        [HELD, 'fills its own mailbox and no other, and taking one back makes room'],
        [HELD, 'counts in the share of its address until it is taken back or due'],
        [HELD, 'for a date too far away is refused'],
      ],
    },
    {
      attack: 'A scheduled message that says different things to different people, or is handed in by somebody else as their own',
      tests: [
        [SEALED, 'opens with no second key, whatever its author made of the cipher'],
        [SEALED, 'is of its author and chat: copied into an entry of somebody else it never opens'],
      ],
    },
    {
      attack: 'Keys of scheduled messages that there are none of, or that are somebody else’s',
      tests: [[SCHEDULED, 'keys for what is not here are kept up to a bound, and those of others open nothing']],
    },
  ],
}
