// Door of one's own devices.

export { AloneNote, DevicesGroup, ElsewhereSheet, preloadDevices } from './lazy.ts'
