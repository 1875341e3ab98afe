// English: what is said about notifications while Kith is closed, in the settings. What the service worker says: sw/notice-words.ts.

export const push = {
  title: 'Notifications',
  turn: 'Notify me when Kith is closed',
  note: 'Your browser’s push service wakes Kith. Its maker learns when something arrives for you, and never what or from whom.',
  sounds: 'Sounds',
  soundsNote: 'For a message in a chat you aren’t looking at, while Kith is open on this device',
  play: 'Play the sound',
  silent: 'This browser doesn’t let Kith make a sound.',
  working: 'One moment',
  test: 'Send a test',
  testSent: 'Sent. If nothing appears within a minute, look at the notification settings of this device.',
  testFailed: 'The relay couldn’t send it. Try again later.',
  blocked: 'This browser doesn’t let Kith show notifications. You can change that in the browser’s settings for this page.',
  unsupported: 'This browser can’t be woken for Kith. On an iPhone or iPad, add Kith to the Home Screen first.',
  noneHere: 'This relay doesn’t wake devices.',
  unknownService: 'This relay doesn’t work with the push service of this browser.',
  relayAway: 'The relay is out of reach just now. Try again once Kith is connected.',
  failed: 'The browser’s push service didn’t answer. Try again later.',
} as const
