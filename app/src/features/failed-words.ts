// What is said when Kith cannot start or go on: the part of words.ts that the failed page shows.

export const failedWords = {
  title: 'Kith couldn’t start',
  unsupported:
    'This browser is too old for Kith, or this page wasn’t loaded over a secure connection. Update the browser, and open an address that starts with https.',
  storage:
    'This browser doesn’t let Kith store anything. Private windows and blocked site data can cause this. Allow site data for this page, then try again.',
  blocked: 'An older version of Kith is open in another tab. Close the other tabs, then try again.',
  quotaTitle: 'There is no space left',
  quota: 'This device has no space left for Kith, so Kith isn’t writing anything. Free up some space, then try again.',
  failing: 'This device didn’t keep what Kith wrote, so Kith has stopped writing. Restart the browser, then try again.',
  lostTitle: 'Your chats are gone from this browser',
  lost: 'There were chats here, and the browser has lost or cleared them. Kith can’t bring them back. A chat that you start now uses a new key, so the people you wrote to need a new link from you.',
  startAgain: 'Start again',
  erasing: 'Starting again',
  slow: 'Kith is still opening: this browser hasn’t answered yet. Close other tabs of Kith, or restart the browser. Nothing is lost.',
  revoked: 'Removed on another of your devices. Nothing new comes here.',
  details: 'Copy details',
  corrupt:
    'What’s stored on this device isn’t what Kith wrote, so Kith won’t touch it. Try again; if that doesn’t help, ask the person who runs your relay.',
  crash: 'Something went wrong in Kith itself. Nothing was erased: what you wrote is still on this device.',
  unresponsive: 'Kith isn’t responding in any of its tabs. Close the other tabs, then try again. What you wrote is still on this device.',
  outdatedTitle: 'A newer version is in use',
  outdated: 'A newer version of Kith is running in another tab, or has been used here. Start again to get it in this tab too.',
  wipedTitle: 'Everything here was erased',
  wiped: 'Your key and your messages are no longer in this browser.',
  begin: 'Start again',
  code: 'For the person who runs your relay: {code}',
  reload: 'Try again',
} as const
