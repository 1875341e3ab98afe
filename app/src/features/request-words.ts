// What is said where somebody from a group asks to talk, on either side. Loaded with that, and no part of words.ts.

import { createWords } from './language/catalogue.ts'
import type { Plural } from './plural.ts'

const english = {
  row: { one: '{count} request', other: '{count} requests' } satisfies Plural,
  rowNote: 'From people in your groups',
  title: 'Requests',
  none: 'Nobody is asking to talk with you right now.',
  calls: 'Someone calling themselves “{name}”',
  callsNobody: 'Someone who hasn’t given a name',
  way: 'From the group “{group}”, {time}',
  wayNobody: 'From a group you’re both in, {time}',
  accept: 'Accept',
  ignore: 'Ignore',
  block: 'Block',
  note: 'They see no answer unless you accept.',
  ignored: 'Ignored. They aren’t told.',
  lookAlike: 'The name resembles your contact {name}, but it isn’t them.',
  refused: {
    gone: 'This request is no longer there.',
    revoked: 'They took this request back.',
    used: 'This request was answered already.',
    expired: 'This request has expired.',
    claimed: 'This request was opened on another device. Answer there.',
    unreachable: 'The request can’t be fetched right now. It stays here: try again in a moment.',
    other: 'This request isn’t what its sender sealed, so Kith won’t open it.',
  },
  write: 'Write to {name}',
  writeNobody: 'Write to this person',
  ask: 'Write to {name} alone?',
  askNobody: 'Write to this person alone?',
  askNote:
    'You’re in a group together, so this is a request: they see what you write and decide whether to answer. Until they accept you see nothing of theirs.',
  field: 'Your message',
  send: 'Send the request',
  faults: {
    empty: 'Write something first.',
    'too-long': 'This is too long for a request. Shorten it a little.',
    'not-met': 'None of their devices has been heard of yet. Try again once they’ve been here.',
    'no-member': 'They’re not in this group any more.',
    blocked: 'You blocked them. Unblock them first.',
    'no-relay-yet': 'A request needs the network once. Try again when the relay answers.',
    'unknown-conversation': 'You’re not in this group any more.',
    'ref-used': 'This was sent already. Look for it in your chats.',
  },
  asked: 'You asked {name} to talk',
  askedNobody: 'You asked someone to talk',
  askedLead: 'They see what you wrote among their requests. Once they accept, this is a chat like any other.',
  askedOver: 'They didn’t answer in time.',
} as const

export type RequestEnglish = typeof english
export const requestWords = createWords('request', english)
