// Attacks on the page: texts, names and files that pretend, and what is left on a disk that somebody else reads.

import type { Area } from './attack.ts'

const RICH = 'app/src/features/message/RichText.test.ts'
const NAMES = 'app/src/features/people/names.test.ts'
const TEXT = 'protocol/src/conversation/text.test.ts'
const LINKIFY = 'app/src/features/message/linkify.test.ts'
const PICTURE = 'protocol/src/attachments/picture.test.ts'
const FACE_PICTURE = 'protocol/src/wire/picture.test.ts'
const FACES = 'protocol/test/scenario/faces.test.ts'
const STORE = 'app/src/adapters/indexeddb/store.test.ts'
const DISK = 'app/src/adapters/indexeddb/erasure.test.ts'
const HOSTILE = 'app/e2e/hostile.e2e.ts'
const PUSHES = 'app/src/sw/pushes.test.ts'

export const ON_CLIENT: Area = {
  name: 'Client',
  attacks: [
    {
      attack: 'Markup in messages and names',
      tests: [
        [RICH, 'never becomes an element of its own: %s'],
        [NAMES, 'keeps markup as the letters it is made of'],
        ['app/src/features/conversation/MessageNote.test.ts', 'shows markup as the text it is'],
        [HOSTILE, 'markup in a message is shown as it was typed'],
        [HOSTILE, 'a name with markup and overrides changes nothing around it'],
      ],
    },
    {
      attack: 'Characters that turn the direction of what stands around them',
      tests: [
        [NAMES, 'loses characters that turn the direction of what stands around it'],
        [RICH, 'that turns the direction around keeps its letters in order, within its note'],
        [HOSTILE, 'direction overrides and invisible characters stay inside their message'],
      ],
    },
    {
      attack: 'Texts and names of nothing that can be seen',
      tests: [
        [TEXT, 'in which nothing is visible is no text: %s'],
        [NAMES, 'counts as no name when nothing of it is visible'],
      ],
    },
    {
      attack: 'A megabyte of combining marks',
      tests: [
        [TEXT, 'of a megabyte of combining marks is cleaned at once'],
        [NAMES, 'keeps a few marks on a letter and drops a flood of them'],
        [HOSTILE, 'as many combining marks as a message may hold stay inside their note'],
      ],
    },
    {
      attack: 'Links that run something',
      tests: [
        [LINKIFY, 'of any other kind stay text'],
        [RICH, 'links nowhere: %s'],
        [HOSTILE, 'an address that would run something is not a link'],
      ],
    },
    {
      attack: 'Hosts and names that look like others',
      tests: [
        [LINKIFY, 'is marked: %s'],
        [LINKIFY, 'with a name before the host stay text, because that is how an address pretends'],
        ['app/src/features/contacts/look-alike.test.ts', 'is named where letters are alike: %s'],
        ['app/e2e/people.e2e.ts', 'a name that resembles a contact’s is warned about, and a request may be ignored or its sender blocked'],
      ],
    },
    {
      attack: 'Pictures that are SVG, HTML or two things at once',
      tests: [
        [PICTURE, 'is not %s'],
        ['protocol/test/scenario/attachments.test.ts', 'is shown no picture that is not what it says'],
        ['app/e2e/media.e2e.ts', 'a picture that is none, or an active one, goes as a file and is drawn nowhere'],
      ],
    },
    { attack: 'A picture that unpacks to a bomb', tests: [[PICTURE, 'of another size than was said is none: a bomb is never unpacked']] },
    {
      attack: 'A picture of a person that is an SVG, two things at once, or a bomb',
      tests: [
        [FACE_PICTURE, 'attack: an SVG is none, nor is anything else that a browser would draw or run'],
        [FACE_PICTURE, 'attack: a file that is something else as well has room for that nowhere'],
        [FACE_PICTURE, 'attack: sides that fill the memory once it is unpacked are read from its header, in a file of few bytes'],
        [FACES, 'a client that sends an SVG, a bomb or something else as a picture changes nothing of what is shown'],
        ['app/e2e/faces.e2e.ts', 'a picture and a line about oneself are chosen, seen by the other one, and taken back'],
      ],
    },
    {
      attack: 'A picture or line of somebody else, of before, or of marks alone',
      tests: [
        [FACES, 'what somebody shows is theirs alone: no entry can say what another account looks like'],
        ['protocol/src/conversation/faces.test.ts', 'attack: a stale one never takes the place of a newer one, however often it comes'],
        [FACES, 'a line of nothing but marks of direction or controls says nothing, and one that is too long changes nothing'],
      ],
    },
    {
      attack: 'A path in the name of a file',
      tests: [
        ['protocol/src/wire/attachment.test.ts', 'is refused with a name like %j'],
        ['app/src/features/media/file-name.test.ts', 'a name is saved without a path, a device, or a place among hidden files'],
      ],
    },
    {
      attack: 'A page that breaks its policy, or makes scripts of text: no walk may pass over it',
      tests: [
        ['app/src/session/trusted-types.test.ts', 'may not be %s'],
        ['app/e2e/policy.e2e.ts', 'a page that breaks its policy is reported, and one that keeps it is not'],
        ['app/src/session/session.e2e.ts', 'only scripts of the page can be started under its headers'],
      ],
    },
    {
      attack: 'The disk read by somebody else',
      tests: [
        [STORE, 'holds no value in the clear, and no shred key'],
        ['app/src/adapters/vault/vault.test.ts', 'lies on the disk wrapped, under a key that cannot be exported'],
        ['app/e2e/at-rest.e2e.ts', 'nothing of a chat is in the profile in the clear, and nothing at all once everything was erased'],
      ],
    },
    { attack: 'A hundred wrong passphrases', tests: [], absent: 'the profile has no passphrase' },
    { attack: 'Altered parameters of the derivation of a passphrase', tests: [], absent: 'the profile has no passphrase' },
    {
      attack: 'Keys and rows on the disk swapped, or older ones put back',
      tests: [
        [STORE, 'cannot be opened with another vault key'],
        [STORE, 'is bound to its place: a value moved to another key or table is corrupt'],
        [STORE, 'does not bring a row back when the old shred key is put back under another life'],
        ['app/src/adapters/indexeddb/key-tree.test.ts', 'opens with what it wrote last, and an older group does not open with newer keys'],
      ],
    },
    { attack: 'Locked while something is opened', tests: [], absent: 'there is no lock on the app' },
    {
      attack: 'A deleted text found in a store, an index or a database file',
      tests: [
        [DISK, 'is what is there, and what was deleted is not'],
        [DISK, 'is nothing of what was overwritten, once a minute has passed or something was deleted'],
        ['app/src/adapters/testing/search.test.ts', 'the index says nothing of a message a second after it %s'],
        ['protocol/test/scenario/history.test.ts', 'takes every word of a chat, with its star, its draft and its edits, and nothing else'],
        [
          'app/e2e/erasure.e2e.ts',
          'a removed chat and a deleted history cannot be read with all keys that are left, and what was written afterwards can',
        ],
      ],
    },
    {
      attack: 'A text that has expired found anywhere',
      tests: [
        ['app/src/adapters/testing/expiry.test.ts', 'an engine whose message goes %s leaves nothing of it that can be read'],
        ['protocol/test/scenario/ttl.test.ts', 'a message goes from both devices when its time is over, and the last line with it'],
      ],
    },
    { attack: 'A deleted text in an export', tests: [], absent: 'there is no export' },
    {
      attack: 'A notification that says more than it may',
      tests: [
        [PUSHES, 'shows one sentence of our own while Kith is closed, whatever the push says'],
        [PUSHES, 'shows the one sentence where all that is new is muted, and where the page sleeps'],
        ['app/src/features/settings/shown-chats.test.ts', 'is nothing of somebody who is blocked, alone or in a group'],
      ],
    },
  ],
}
