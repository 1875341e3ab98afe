// What `--help` says: the commands, then the settings.

/** `fallback`: what holds when nothing is set. */
export type Setting = { readonly name: string; readonly flag: string; readonly fallback: string; readonly meaning: string }

/** What else the command does, apart from starting the relay. */
const COMMAND_LINES = [
  ['check-config [settings]', 'says what is set, where, and what is missing'],
  ['status', 'how the running relay is'],
  ['quota', 'what takes the store, and the fullest mailboxes'],
  ['purge MAILBOX', 'forgets a mailbox and all that waits in it'],
  ['block [ADDRESS|NETWORK]', 'lets an address in no more; without one, lists them'],
  ['unblock ADDRESS|NETWORK', 'unblocks it'],
  ['backup FOLDER', 'copies key and store, while the relay runs or not'],
  ['restore FOLDER', 'puts such a copy in place; the relay must be stopped'],
  ['rotate-key --yes', 'a new key: for devices, a new relay; the relay must be stopped'],
] as const

export function helpText(settings: readonly Setting[]): string {
  const rows = settings.map(({ name, flag, fallback, meaning }) => {
    const names = `  ${name}, --${flag}`.padEnd(50)
    return `${names}${meaning}${fallback === '' ? '' : ` (default ${fallback})`}`
  })
  return [
    'Kith relay: serves the page and keeps what devices leave for each other.',
    '',
    'kith-relay [start] [settings]         starts it',
    ...COMMAND_LINES.map(([usage, meaning]) => `kith-relay ${usage.padEnd(27)}${meaning}`),
    '',
    'Settings (a flag wins over its variable, and both over the file):',
    ...rows,
  ].join('\n')
}
