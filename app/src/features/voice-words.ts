// What is said about voice messages, videos, the camera, and what files take on this device. Loaded with them.

import { createWords } from './language/catalogue.ts'

const english = {
  record: 'Record a voice message',
  unsent: 'Voice message you haven’t sent',
  asking: 'Waiting for the microphone',
  recording: 'Recording',
  paused: 'Paused. It stays on this device until you send it.',
  stop: 'Pause recording',
  goOn: 'Continue recording',
  discard: 'Delete recording',
  discarded: 'Recording deleted.',
  undo: 'Undo',
  send: 'Send voice message',
  longest: 'That’s half an hour, the longest a voice message can be.',
  ended: 'The microphone stopped. What you recorded is still here.',
  again: 'Try again',
  refused: {
    denied: 'Kith isn’t allowed to use the microphone. Allow it for this site in your browser’s settings, then try again.',
    none: 'No microphone was found. Connect one, then try again.',
    busy: 'The microphone couldn’t be started. Another app may be using it.',
    unable: 'This browser can’t record sound.',
  },
  voiceBy: 'Voice message from {name}',
  voiceMine: 'Voice message you sent',
  play: 'Play',
  pause: 'Pause',
  position: 'Position',
  at: '{at} of {all}',
  speed: 'Speed {speed}',
  videoBy: 'Video from {name}',
  videoMine: 'Video you sent',
  enlarge: 'Open video',
  cleaned: {
    all: 'Place, date and device details were removed.',
    most: 'Place, date and device details were removed, but what else the camera recorded with it may still be inside.',
  },
  broken: 'This file isn’t the recording it claims to be, so Kith won’t play it.',
  unplayable: 'This browser can’t play it. Save it to open it elsewhere.',
  files: 'Files on this device',
  nothingHere: 'No photos or files of this chat are on this device.',
  room: { one: '{size} in {count} file', other: '{size} in {count} files' },
  largest: 'The largest {count} are listed.',
  kept: 'Still on its way to them, so it stays.',
  remove: { one: 'Remove {count} from this device', other: 'Remove {count} from this device' },
  all: 'Select all',
  choose: 'Choose what to remove',
  removeWhy: 'The messages stay, and everyone else keeps their copy. You can download a file again while someone still has it.',
  removed: { one: '{count} file removed from this device.', other: '{count} files removed from this device.' },
  camera: 'Take a photo',
  shoot: 'Take photo',
  turn: 'Other camera',
  noCamera: {
    denied: 'Kith isn’t allowed to use the camera. Allow it for this site in your browser’s settings, then try again.',
    none: 'No camera was found. Connect one, then try again.',
    busy: 'The camera couldn’t be started. Another app may be using it.',
    unable: 'This browser can’t use a camera here.',
  },
} as const

export type VoiceEnglish = typeof english
export const voiceWords = createWords('voice', english)
