// Door of one's own devices.

export { DevicesGroup, ElsewhereSheet, preloadDevices } from './lazy.ts'
